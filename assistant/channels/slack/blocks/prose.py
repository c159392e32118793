"""Texts of the assistant, with the little markup of docs/protocol.md, as Slack shows them.

Our texts quote what a visitor wrote between curly quotation marks, and no markup, mention or link may come out of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

Block = dict[str, Any]

LONGEST = 2900  # characters of a text object as Slack counts them, a little below its 3,000
_LONGEST_WORD = 500  # characters, each of which may be escaped as five
_ENDS = (re.compile(r"(?<=[.?!…])\s+"), re.compile(r"\s+"))
_FENCE = "```"
_ITEM = re.compile(r"\s*- (.*)")
_SOURCE = re.compile(r"(?:^|\n)[ \t]*(\**sources?:\**[^\n]+)\s*$", re.I)  # as the widget finds it
_BOLD = re.compile(r"(\*\*[^*]+\*\*)")
_ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]])", re.I)
_JOINER = "\N{WORD JOINER}"  # invisible; it breaks the marks that our markup is known by
_QUOTED = re.compile(f"(?<!{_JOINER})“.*(?:”|\\Z)", re.S)  # to the last mark: a visitor may have typed one
_MARKS = re.compile(r"(?<=\*)(?=\*)|(?<=http)(?=:)|(?<=https)(?=:)|(?<=`)(?=`)|(?=“)", re.I)

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ALIKE = {"*": "∗", "~": "∼", "`": "ˋ", ">": "˃"}
"""What Slack would read as markup -> what looks the same; mrkdwn has no escapes for it."""
_SPECIAL = re.compile(
    r"(?P<mark>[*~`]|^\s*>)|(?P<underscore>(?<!\w)_|_(?!\w))|(?P<colon>:(?=[\w+'-]+:)|(?<=http):|(?<=https):)"
    r"|(?P<entity>[&<>])",
    re.I | re.M,
)


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together: text, the items of a list, or code."""

    kind: Literal["text", "items", "code"]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class _Run:
    """A part of a line."""

    text: str
    bold: bool = False
    is_link: bool = False


def split_source(text: str) -> tuple[str, str]:
    """The words of a message, and its last line where that says what they rest on."""
    found = _SOURCE.search(text)
    return (text[: found.start()].strip(), found[1]) if found else (text, "")


def literal(text: str) -> str:
    """A text in which nothing is bold, quoted or code, and no address is a link."""
    return _MARKS.sub(_JOINER, text)


def without_marks(text: str) -> str:
    """A text as a title or a label has it, where Slack knows no markup."""
    return " ".join(text.replace("**", "").split())


def shortened(text: str, most: int) -> str:
    """At most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text."""
    found: list[Paragraph] = []
    kind: str | None = None
    for line in _guarded(text).split("\n"):
        if line.strip().startswith(_FENCE):
            kind = None if kind == "code" else "code"
            if kind:
                found.append(Paragraph("code", ()))
            continue
        item = _ITEM.fullmatch(line)
        if kind == "code":
            found[-1] = Paragraph("code", (*found[-1].lines, line))
        elif not line.strip():
            kind = None
        else:
            said = item[1] if item else line
            now: Literal["items", "text"] = "items" if item else "text"
            if kind == now:
                found[-1] = Paragraph(now, (*found[-1].lines, said))
            else:
                found.append(Paragraph(now, (said,)))
            kind = now
    return [one for one in found if one.lines]


def pieces(text: str, most: int = LONGEST) -> list[str]:
    """A text in parts, each of which fits into one block; a paragraph is only divided if it must be."""
    groups: list[list[Paragraph]] = []
    for one in (part for whole in paragraphs(text) for part in _divided(whole, most)):
        if groups and len(mrkdwn([*groups[-1], one])) <= most:
            groups[-1].append(one)
        else:
            groups.append([one])
    return ["\n\n".join(map(_markup, group)) for group in groups]


def as_text(text: str) -> str:
    """A text for notifications and screen readers."""
    return mrkdwn(paragraphs(text), bold=False)


def mrkdwn(told: Iterable[Paragraph], *, bold: bool = True) -> str:
    """Paragraphs in Slack's own markup; without ``bold`` as the text of a notification, where it would show."""
    return "\n\n".join(_mrkdwn(one, bold) for one in told).replace("\n\n• ", "\n• ")


def rich_text(told: Iterable[Paragraph]) -> Block:
    """Paragraphs as a block in which nothing is parsed."""
    elements: list[Block] = []
    for one in told:
        if one.kind == "items":
            items = [{"type": "rich_text_section", "elements": _elements(line)} for line in one.lines]
            elements.append({"type": "rich_text_list", "style": "bullet", "elements": items})
        elif one.kind == "code":
            code = {"type": "text", "text": "\n".join(one.lines)}
            elements.append({"type": "rich_text_preformatted", "elements": [code]})
        elif elements and elements[-1]["type"] == "rich_text_section":  # Slack puts no space between two sections
            elements[-1]["elements"] += [{"type": "text", "text": "\n\n"}, *_elements("\n".join(one.lines))]
        else:
            elements.append({"type": "rich_text_section", "elements": _elements("\n".join(one.lines))})
    return {"type": "rich_text", "elements": elements}


def escaped(text: str) -> str:
    """A text in which mrkdwn sees neither markup nor a mention nor a link."""
    return _SPECIAL.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    if found["mark"]:
        return f"{found[0][:-1]}{_ALIKE[found[0][-1]]}"
    if found["underscore"]:
        return "ˍ"
    return "∶" if found["colon"] else _ENTITIES[found[0]]


def _guarded(text: str) -> str:
    """A text in which what is quoted holds no markup."""
    return _QUOTED.sub(lambda quote: re.sub(r"(?<=\n)(?=\s*- )", _JOINER, literal(quote[0])), text)


def _runs(line: str) -> Iterator[_Run]:
    for at, part in enumerate(_BOLD.split(line)):
        bold = at % 2 == 1
        for number, words in enumerate(_ADDRESS.split(part[2:-2] if bold else part)):
            if words:
                yield _Run(words, bold, number % 2 == 1)


def _markup(one: Paragraph) -> str:
    if one.kind == "code":
        return "\n".join([_FENCE, *one.lines, _FENCE])
    return "\n".join(f"- {line}" if one.kind == "items" else line for line in one.lines)


def _mrkdwn(one: Paragraph, bold: bool) -> str:
    if one.kind == "code":
        return "\n".join([_FENCE, *map(escaped, one.lines), _FENCE])
    mark = "• " if one.kind == "items" else ""
    return "\n".join(mark + "".join(_marked(run, bold) for run in _runs(line)) for line in one.lines)


def _marked(run: _Run, bold: bool) -> str:
    said = f"<{run.text.replace('&', '&amp;').replace('|', '%7C')}>" if run.is_link else escaped(run.text)
    return f"*{said}*" if bold and run.bold else said


def _elements(lines: str) -> list[Block]:
    return [
        {
            **({"type": "link", "url": run.text} if run.is_link else {"type": "text", "text": run.text}),
            **({"style": {"bold": True}} if run.bold else {}),
        }
        for run in _runs(lines)
    ]


def _divided(one: Paragraph, most: int) -> Iterator[Paragraph]:
    """A paragraph in parts that fit: whole lines, else whole sentences, else whole words."""

    def fits(*lines: str) -> bool:
        return len(mrkdwn([Paragraph(one.kind, lines)])) <= most

    held: tuple[str, ...] = ()
    for line in (part for whole in one.lines for part in _cut(whole, fits)):
        if held and not fits(*held, line):
            yield Paragraph(one.kind, held)
            held = ()
        held = (*held, line)
    yield Paragraph(one.kind, held)


def _cut(line: str, fits: Callable[[str], bool]) -> Iterator[str]:
    if fits(line):
        yield line
        return
    parts = next((found for end in _ENDS if len(found := end.split(line)) > 1), None)
    if parts is None:  # one word
        yield from (line[at : at + _LONGEST_WORD] for at in range(0, len(line), _LONGEST_WORD))
        return
    held = ""
    for part in (small for large in parts for small in _cut(large, fits)):
        joined = f"{held} {part}" if held else part
        if held and not fits(joined):
            yield held
            joined = part
        held = joined
    yield held
