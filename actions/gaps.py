"""What an answer does not say, though it was asked: for another officer, of a limit, or in a second question."""

from __future__ import annotations

from collections.abc import Iterable

from actions.turn import Turn
from actions.wording import Cell, split_topic

_OF_SELLERS = ("sales_pitch", "hype", "burned")
"""Topics in which consultants are named without being asked about."""
_LIMITS = 2  # sentences on what an answer leaves out


def is_silence(topic: str) -> bool:
    """Whether a topic is one of those that the article does not have."""
    return split_topic(topic)[0] == "not_in_article"


def missing_for_another(turn: Turn, topic: str, cell: Cell) -> str:
    """What the article does not know where the question is about an officer of whom it says nothing."""
    if not turn.officer or not topic.startswith("faq/"):
        return ""
    _, aspect, role, _ = split_topic(topic)
    anyone = turn.wording.cell(f"faq/{aspect}") or cell
    if "missing" not in anyone.metadata:  # the answer is the same for any officer
        return ""
    compared = turn.wording.cell("faq/difference") if role else None
    missing = str((compared or anyone).metadata["missing"]).format(officer=turn.officer)
    return turn.wording.text("utter_only_our_roles", missing=missing)


def left_out_of(turn: Turn, topics: Iterable[str]) -> str:
    """What questions ask for besides, and their answers do not say because the article does not distinguish it."""
    aspects = [split_topic(topic)[1] for topic in topics if not is_silence(topic)]
    if not aspects:
        return ""
    named = turn.beside if aspects[-1] not in _OF_SELLERS else None  # "a title that consultants made up"
    said = [turn.wording.text("utter_beside", officer=named)] if named else []
    limits = (filter(None, (turn.wording.limit(name, aspect) for aspect in reversed(aspects))) for name in turn.limits)
    said += filter(None, (next(found, None) for found in limits))
    return " ".join(said[:_LIMITS])


def unanswered(turn: Turn) -> str:
    """What is to be said of a question of the message that was not answered; empty if there is none."""
    if turn.unclear:
        return turn.wording.text("utter_unclear", part=turn.unclear)
    return turn.wording.text("utter_unplaced", part=turn.unplaced) if turn.unplaced else ""
