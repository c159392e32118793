"""Who writes: a CTO who reads of "your CTO" would have to translate every sentence."""

from __future__ import annotations

import re

CTO = "cto"
_TITLE = r"(?:cto|chief technology officer|chief technical officer|head of (?:technology|engineering))"
_I_AM = re.compile(
    rf"\b(?:i'm|i am|im|speaking as|as) (?:actually |also |now |only )?(?:the|our|their|this company's) "
    rf"(?:current |acting |new |in-house |only )?{_TITLE}\b"
    rf"|\b(?:i am|i'm|im) {_TITLE}\b"
    rf"|(?:^|[.!,;\n] ?){_TITLE} here\b(?! (?:is|has|does|was|will)\b)"
    rf"|\bi(?:'m| am) .{{0,30}}\band (?:the|their) {_TITLE}\b",
    re.I,
)
_ALSO_OTHERS = re.compile(r"\b(?:basically|kind of|sort of|practically|unofficial\w*)\b", re.I)


def speaker_of(text: str) -> str | None:
    """``cto`` if the writer is the CTO of the company, None if that is not said; an owner who is "basically" is not."""
    found = _I_AM.search(text)
    return CTO if found and not _ALSO_OTHERS.search(found[0]) else None


def in_first_person(clause: str) -> str:
    """A clause about the visitor as the visitor would say it: "we have no CRM"."""
    return re.sub(r"\byou\b", "we", re.sub(r"\byour\b", "our", clause))
