"""The pre-call brief: what a sales person reads in the two minutes before a call, on one screen.

Whoever makes a brief hands over every line that could stand in it, as plain text with the events of the conversation
that it comes from. Here it is decided which of them are shown, in which order, and what is folded away; the same lines
always make the same brief.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MOST_WORDS = 500  # of the whole brief: two minutes
MOST_SHOWN = 350  # words that are not folded away: one screen
_LONGEST_QUOTE = 24  # words
_LONGEST_WORD = 40  # characters

SHOWN = {
    "contact": 6,
    "objective": 3,
    "opening": 1,
    "recommendation": 3,
    "company": 12,
    "ask": 3,
    "unanswered": 6,
    "signs": 3,
    "clashes": 1,
    "next": 3,
}
"""The sections in their order, and how many lines each shows at most; what is left over is folded."""
_GROWING = (
    *["contact"] * 5,
    *("objective", "opening", "recommendation", "recommendation", "ask", "ask", "unanswered"),
    *["company"] * 5,
    *("signs", "next", "next", "objective"),
)
"""In which order sections get one more line, until the screen is full."""
_IN_ORDER = ("company",)
"""The sections whose lines are chosen by their weight, and told in the order of the conversation."""
_IF_ROOM = ("clashes",)
"""The sections that are shown as far as the others leave room."""
FOLDED = "rest"
"""The section with what is left over, and lines of its own."""

_INNER_QUOTES = str.maketrans("“”", "‘’")
_SPECIAL = re.compile(
    r"([\\`*\[\]<>|]|~(?!\d)|(?<=\w)~|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|(?<!\w)@|(?<=http):|(?<=https):|(?<=www)\.)", re.I
)
_STARTS_A_BLOCK = re.compile(r"^(\d+(?=[.)]\s)|)([-+=#.)])")


@dataclass(frozen=True)
class Line:
    """One statement, and the numbers of the events that it comes from; at least one."""

    text: str
    events: tuple[int, ...]

    @property
    def source(self) -> str:
        """The events as the reader sees them: "[12, 40]"."""
        return f"[{', '.join(map(str, self.events))}]"

    @property
    def words(self) -> int:
        return len(f"{self.text} {self.source}".split())


@dataclass(frozen=True)
class Section:
    """Lines under a title; a folded one is for readers with more time."""

    name: str
    title: str
    lines: tuple[Line, ...]
    folded: bool = False


@dataclass(frozen=True)
class Brief:
    """The brief of one conversation."""

    title: str
    sections: tuple[Section, ...]

    @property
    def words(self) -> int:
        """How many words there are to read."""
        titles = [self.title, *(section.title for section in self.sections)]
        lines = [line for section in self.sections for line in section.lines]
        return sum(len(title.split()) for title in titles) + sum(line.words for line in lines)

    def as_json(self) -> dict[str, Any]:
        """The brief as data."""
        return {"version": 1, "title": self.title, "sections": [asdict(section) for section in self.sections]}

    def as_markdown(self) -> str:
        """The brief as Markdown, in which nothing that a visitor wrote is markup."""
        return "\n".join([f"# {_plain(self.title)}", *self._paragraphs()]) + "\n"

    def _paragraphs(self) -> Iterator[str]:
        for section in self.sections:
            yield f"\n## {_plain(section.title)}\n"
            yield from (f"- {_plain(line.text)} {line.source}" for line in section.lines)


def brief(title: str, titles: Mapping[str, str], lines: Mapping[str, Sequence[Line]]) -> Brief:
    """The brief from every line that could stand in it.

    Args:
        title: of the brief.
        titles: of the sections, by name.
        lines: by section, the most important first.
    """
    most = _fitting(title, titles, lines)
    shown = [Section(name, titles[name], _told(name, lines[name][: most[name]])) for name in SHOWN if most[name]]
    left = [line for name in SHOWN for line in lines.get(name, ())[most[name] :]]
    rest = [*left, *lines.get(FOLDED, ())]
    without = Brief(title, tuple(shown))
    room = MOST_WORDS - without.words - len(titles[FOLDED].split())
    fitting = []
    for line in rest:
        room -= line.words
        if room < 0:
            break
        fitting.append(line)
    return Brief(title, (*shown, Section(FOLDED, titles[FOLDED], tuple(fitting), folded=True))) if fitting else without


def _told(name: str, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a section as it tells them."""
    return tuple(sorted(lines, key=lambda line: line.events[0]) if name in _IN_ORDER else lines)


def _fitting(title: str, titles: Mapping[str, str], lines: Mapping[str, Sequence[Line]]) -> dict[str, int]:
    """How many lines each section shows on one screen: one of every section, then a second one, and so on."""
    most = dict.fromkeys(SHOWN, 0)
    room = MOST_SHOWN - len(title.split())
    for name in [*_GROWING * max(SHOWN.values()), *_IF_ROOM * max(SHOWN.values())]:
        held = lines.get(name, ())
        if most[name] < min(SHOWN[name], len(held)):
            words = held[most[name]].words + (0 if most[name] else len(titles[name].split()))
            if words <= room or not most[name] and name not in _IF_ROOM:
                most[name] += 1
                room -= words
    return most


def quotable(said: str, most: int = _LONGEST_QUOTE) -> str:
    """What somebody wrote, on one line, short enough to be quoted, and with its own quotation marks as inner ones.

    Args:
        said: as it was written.
        most: words; what is longer is cut.
    """
    inner = said.translate(_INNER_QUOTES)
    words = [word if len(word) <= _LONGEST_WORD else f"{word[:_LONGEST_WORD]}…" for word in inner.split()]
    return " ".join(words) if len(words) <= most else f"{' '.join(words[:most])} …"


def _plain(text: str) -> str:
    """A text in which Markdown sees no markup."""
    return _STARTS_A_BLOCK.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", " ".join(text.split())))
