"""Short replies in the light of the open question: "the first two", "all but the CRM", "no and no", "just the second".

One grammar over the fields of the question; what a field is called comes from its file (label and buttons).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from advisor.content import DATA, load
from advisor.fields import DECLINED, UNKNOWN, fields

_YES = r"(?:yes|yep|yeah|yup|ya|yea|sure|correct|right|absolutely|definitely|of course|aye|true|affirmative|indeed|god yes|hell yes|y|\U0001f44d|\u2705)"
_NO = r"(?:no|nope|nah|not really|negative|never|not yet|false|god no|hell no|n|not at all|\U0001f44e|\u274c)"
_UNKNOWN = (
    r"(?:dunno|idk|(?:i )?(?:honestly |really )?(?:(?:don't|do not) know|(?:couldn't|can't) (?:say|tell|judge))"
    r"|hard to (?:say|tell)|no idea|no clue|not sure|unsure|unknown|who knows)"
)
_FILLER = re.compile(
    r"^(?:(?:well|lol|haha|um+|uh+|hm+|ok|okay|so|oh|honestly|i'd say|i guess|i think|actually|basically|it's|its|that's|that would be|we have|we've got|we got|i have|got|there's|has|have|the answer is|today|right now|for now|but|and|so far|nowadays)[ ,.]*)+(?=\S)"
)
_TAIL = re.compile(
    r"[ ,.!]*(?:,? ?(?:please|thanks|thank you|sadly|i'm afraid|i guess|i think|lol|haha|bingo|for us|here|in that order|of course|unfortunately|honestly|really|whatsoever|tbh|for sure|definitely|yet|i mean|dead on|absolutely|thankfully|luckily|mate|cheers|i'd say|at this point|today|right now|so far))*[ ,.!]*$"
)
_ALL = re.compile(
    r"^(?:yes,? )?(?:to )?(?:all|both|everything|each)(?: of (?:them|em|'em|those|these|it|the above|that|the (?:three|two|four)))?(?: (?:three|two|four|yes|true|apply))?$|^yes,? (?:absolutely,? |definitely,? )?(?:all|both)(?: (?:three|four))?$|^(?:yes|yeah|yep) (?:to|on) (?:all|both)(?: of (?:them|those))?(?: three| four)?(?: counts)?$|^(?:we have|got) (?:all|both)(?: three)?$"
)
_NONE = re.compile(
    r"^neither,? nor$|^(?:no,? )?(?:none|neither|nothing(?: like (?:that|it))?|zero|nada|zilch)(?: of (?:them|em|'em|those|these|it|the above|that|the (?:three|two|four)))?(?: (?:one )?(?:appl(?:y|ies)(?: to us)?|fits?(?: us)?|rings? a bell))?$|^no (?:to|on) (?:all|both)(?: of (?:them|those))?$|^not? (?:any|either)(?: of (?:them|those|these))?$"
)
_EXCEPT = re.compile(
    r"^(?P<scope>all(?: of (?:it|that))?|every(?: (?:single )?one)?|everything|both|none|nothing|neither|yes to all|no to all)(?: of (?:them|em|those|these|it|the above))?,? (?:but(?: not)?|except(?: for)?|bar|besides|minus|apart from|other than|save for|excluding|aside from) (?P<items>.+)$"
)
_ONLY = re.compile(
    r"^(?:no,? )?(?:just|only|nothing but|solely)(?: (?:have|got))? (?P<items>.+)$|^(?P<items2>.+?),? (?:only|and (?:that's it|nothing else)|that's (?:it|all)|alone)\b.*$"
)
_REST = re.compile(
    r"^(?P<items>.+?)(?: for sure| definitely| yes)?,? (?:and )?(?:(?:but )?(?:the )?(?:rest|others?)(?: are| is)? (?:not(?: really)?|no)|(?:but )?not the (?:rest|others?))$"
)
"""Names some items and denies the rest: "number two for sure, the rest not really"."""
_ORDINALS = {
    **dict.fromkeys(("first", "1st", "former", "1", "#1"), 0),
    **dict.fromkeys(("second", "2nd", "2", "#2"), 1),
    **dict.fromkeys(("third", "3rd", "3", "#3"), 2),
    **dict.fromkeys(("fourth", "4th", "4", "#4"), 3),
    **dict.fromkeys(("latter", "last"), -1),
}
_NUMBERS = {"one": "first", "two": "second", "three": "third", "four": "fourth"}
_POLAR = re.compile(rf"^(?:(?P<yes>{_YES})|(?P<no>{_NO})|(?P<unknown>{_UNKNOWN}))$")
_NO_SUCH = re.compile(
    r" (?!(?:it|it's|we|we're|they|they're|i|i'm|he|he's|she|she's|that|that's|this|there|there's|not|our|my|the|but|because"
    r"|since|thanks?|need|way|problem|longer|more|and|or|so|sir|ma'am|never|nothing|nobody)\b)\w"
)
"""What follows a "no" that denies a thing and answers nothing: "no plan really"."""
_LIST_WORD = re.compile(r"the|a|an|our|one|ones|thing|number|option|question|part|stuff|piece|also|only|just|any")
_COMMON = re.compile(
    r"plan|without|people|use|the|a|an|of|for|to|and|or|ai|you|your|with|one|what|no|in|needed|need|they|it|has|have|cto|first|now"
)  # words of labels that name no field

_COMMENT = re.compile(
    rf"^(?P<topic>(?!(?:we|i|it|they|he|she|there|that|this|so|but|and|well|oh|{_YES}|{_NO})\b)[\w'-]+(?: [\w'-]+){{0,3}}?)"
    rf"(?: is| are)?[ ,:?=-]+(?:a |that's a |it's a )?(?P<said>{_YES}|{_NO}|{_UNKNOWN}|none|zero|zilch|nada|nil)(?: whatsoever| at all| so far)?[ .,!]*$",
    re.I,
)

_THAT_IS_ALL = re.compile(
    r"^(?:(?:ok|okay|so|well|alright|and|i think|i guess)[ ,]+)*that'?s (?:about |pretty much |really |basically )?"
    r"(?:all|everything|it|us|me|the (?:whole )?(?:picture|story|lot))\b",
    re.I,
)
_LEFT_TOPIC = re.compile(
    r"^(?:as for [\w ]{2,30}?,? )?(?:(?:well|sorry|but|and|honestly),? )*(?:i )?(?:(?P<unknown>(?:really |honestly )?(?:don't|do not|wouldn't|couldn't) (?:really )?(?:know|tell you|judge)|dunno|idk|"
    r"no (?:idea|clue)|can't (?:really )?(?:say|tell|judge)|couldn't say|not sure|unsure)|(?:can't|cannot|won't|may not|'d rather not|would rather not|prefer not to) (?:talk|speak|say|discuss|tell|comment|go into))"
    r"(?: you)? (?:if|about|whether|what|how|who|which|on|for)\b",
    re.I,
)
_ELLIPSIS = re.compile(
    r"^(?:and |but |so |as of |for |right |at the )*(?:(?:today|now|moment|currently),? )?(?:(?:it's |we're )?not (?:any ?more|today|now|here)|none (?:today|left|now|yet|any ?more|so far)|(?:until|till) then no ?(?:one|body)|"
    r"there(?: is| are|'s) none|no ?(?:one|body)|(?:we|i) (?:have|'ve|got)(?: got)? none|(?:we |i )?(?:haven't|don't) (?:got|have) (?:one|any)(?: now| yet| today| any ?more)?|(?:today|now) not|no longer|no more)"
    r"(?: (?:today|now|left|yet|so far|any ?more))?[ .!]*$",
    re.I,
)

_THE_REST = re.compile(
    r"^(?:(?:and|but|so|for|as for|not)[ ,]+)*(?:all )?(?:the )?(?:rest|others|other (?:ones?|(?P<count>two|three)))\b.*$",
    re.I,
)
_COUNTS = {"two": 2, "three": 3}
_SAID_OF_IT = (
    (
        UNKNOWN,
        re.compile(
            r"know|no (?:idea|clue)|not sure|unsure|(?:can't|couldn't|cannot|unable to|able to) (?:say|tell|judge)",
            re.I,
        ),
    ),
    (False, re.compile(r"\b(?:no|nope|nah|not|none|never|neither|false)\b|n't\b|\barent\b|\bisnt\b", re.I)),
    (True, re.compile(r"\b(?:yes|yep|yeah|true|fine|in place|there|check)\b", re.I)),
)
_FIRST_ASKED = {"tech_works"}  # first fields of questions that name only the first
_OPEN = {"leveraging_ai"}  # first fields of questions that no yes or no answers: "Where do you stand?"

Told = dict[str, Any]


def read_short(text: str, asked: Sequence[str]) -> Told | None:
    """The answers of a short reply; None if it is none of these, {} if it is one that settles nothing."""
    if asked and (pressed := _buttons(asked[0]).get(text.lower().strip(" .!,"))) and set(pressed) <= set(asked):
        return dict(pressed)
    said = _TAIL.sub("", _FILLER.sub("", text.lower().strip())).strip(" ,.!")
    if not said or len(said.split()) > 14 or not asked or "?" in said:
        return None
    if said in ("yes and no", "yes no", "yes & no") and len(asked) != 2:
        return {}
    sequence = [part for part in re.split(r"\s*(?:,|;|/|&|\band\b|\bthen\b|\.)\s*", said) if part]
    if len(words := said.split()) > 1 and all(_polarity(word) is not None for word in words if word != "and"):
        sequence = [word for word in words if word != "and"]  # "no no yes"
    polar = [_polarity(part) for part in sequence]
    if len(asked) == 1 and len(set(polar)) == 1:
        polar = polar[:1]  # "not really, no"
    if polar and all(one is not None for one in polar):
        if len(polar) == len(asked) or (1 < len(polar) <= len(asked)):
            return {
                name: value
                for field, one in zip(asked, polar, strict=False)
                for name, value in _say(field, one, asked).items()
            }
        return _alone(polar[0], asked) if len(polar) == 1 else {}
    if len(asked) > 1:
        if _ALL.match(said):
            return _each(asked, asked, True)
        if _NONE.match(said) or (polar[:1] == [False] and len(sequence) == 2 and _NONE.match(sequence[1])):
            return _each(asked, asked, False)
        if match := _EXCEPT.match(said):
            items = _items(match["items"], asked)
            if items:
                most = match["scope"] not in ("none", "nothing", "neither", "no to all")
                return {
                    **_each([one for one in asked if one not in items], asked, most),
                    **_each(items, asked, not most),
                }
        if (match := _REST.match(said)) and (items := _items(match["items"], asked)):
            return {**_each([one for one in asked if one not in items], asked, False), **_each(items, asked, True)}
        if (match := _ONLY.match(said)) and (items := _items(match["items"] or match["items2"], asked)):
            return {**_each([one for one in asked if one not in items], asked, False), **_each(items, asked, True)}
        if said.count(",") == 1 and (one := _item_said(said, asked)):
            return one
        told: Told = {}
        for part in re.split(r"\s*[,;.]\s*(?!\d)|\s+but\s+", said):
            one = _item_said(part, asked)
            if one is None:
                told = {}
                break
            told.update(one)
        if told:
            return told
        if items := _items(said, asked):
            return _each(items, asked, True)
    elif asked[0] in fields() and fields()[asked[0]].type == "yes_no":
        begin = re.match(rf"^(?:{_YES}|{_NO})(?=[\s,.:;!-]|$)", said)
        if (
            begin
            and (value := _polarity(begin[0])) is not None
            and not re.match(r"^ and (?:yes|no)\b", said[begin.end() :])
            and not re.match(r"^[, ]*(?:wait|idea|clue|but|comment)\b", said[begin.end() :])
            and not (begin[0] == "no" and _NO_SUCH.match(said, begin.end()))
        ):
            return {asked[0]: value}
    return None


def is_yes_or_no(text: str) -> bool:
    """Whether a clause is nothing but a yes, a no or an "I don't know"."""
    return _polarity(text.lower()) is not None


def is_comment(text: str) -> bool:
    """Whether a clause names a topic and says yes, no or "I don't know" to it."""
    return _COMMENT.match(text) is not None


def is_ellipsis(text: str) -> bool:
    """Whether a clause denies what the one before it was about: "there is none", "not any more"."""
    return _ELLIPSIS.match(text) is not None


def left_topic(text: str) -> str | None:
    """Whether a clause says that its writer does not know a thing, or will not tell it."""
    match = _LEFT_TOPIC.match(text)
    return None if match is None else UNKNOWN if match["unknown"] else DECLINED


def rest_said(text: str, rest: Sequence[str], asked: Sequence[str]) -> Told:
    """What a clause says of the items of a question that others did not name: "the rest no"."""
    match = _THE_REST.match(text)
    if match is None or len(rest) != _COUNTS.get(match["count"], len(rest)):
        return {}
    said = next((value for value, pattern in _SAID_OF_IT if pattern.search(text)), None)
    return {} if said is None else _each(rest, asked, said)


def ends_telling(text: str) -> bool:
    """Whether a message says that it was all, which agrees to nothing: "ok that's everything. Who first?"."""
    return _THAT_IS_ALL.match(text) is not None


def comment(text: str) -> bool | str | None:
    """What such a clause says of its topic."""
    match = _COMMENT.match(text)
    if match is None:
        return None
    said = _polarity(match["said"].lower())
    return False if said is None else said


def _alone(said: bool | str | None, asked: Sequence[str]) -> Told:
    """One yes or no to a question about several things: a no denies all, unless the question names only the first."""
    if asked[0] in _FIRST_ASKED and not denials(asked):
        return _say(asked[0], said, asked)
    return _each(asked, asked, False) if said is False and asked[0] not in _OPEN else {}


def _polarity(part: str) -> bool | str | None:
    match = _POLAR.match(part.strip(" .!,"))
    if match is None:
        return None
    return True if match["yes"] else False if match["no"] else "unknown"


def _item_said(part: str, asked: Sequence[str]) -> Told | None:
    """ "the first yes", "second: no", "yes to the first", "no crm" as an answer for the items that it names."""
    patterns = (
        rf"^(?P<items>.+?)(?: one)?[ :,=-]+(?:is |are |a |its |it's |i )*(?P<said>{_YES}|{_NO}|{_UNKNOWN})$",
        rf"^(?P<said>{_YES}|{_NO}|{_UNKNOWN})(?: (?:to|on|for|about))? (?P<items>.+)$",
    )
    for pattern in patterns:
        if match := re.match(pattern, part.strip()):
            items, value = _items(match["items"], asked), _polarity(match["said"])
            if items:
                return {name: said for one in items for name, said in _say(one, value, asked).items()}
    return None


def _say(field: str, value: bool | str | None, asked: Sequence[str]) -> Told:
    return {} if value is None else _each([field], asked, value)


def _each(chosen: Sequence[str], asked: Sequence[str], value: bool | str) -> Told:
    """The values of some items of a question; an item may be worded so that a yes to it is a no of its field."""
    denied = denials(asked)
    values = {one: not value if one in denied and isinstance(value, bool) else value for one in chosen}
    return {one: as_value(one, said) for one, said in values.items() if as_value(one, said) is not None}


def as_value(field: str, value: bool | str) -> Any:
    """Yes and no as the field has them; a choice takes them where one of two values is "none"."""
    declared = fields()[field]
    if isinstance(value, str) or declared.type == "yes_no":
        return value
    if declared.type == "choice" and "none" in declared.values and len(declared.values) == 2:
        return next(one for one in declared.values if (one == "none") is not value)
    return None


def _items(said: str, asked: Sequence[str]) -> list[str]:
    """The fields that a list of ordinals or names picks, if it is nothing but such a list."""
    said = re.sub(r"^(?:the|our|a|an) ", "", said.strip(" .!,"))
    said = re.sub(r"\bnumber (one|two|three|four)\b", lambda match: _NUMBERS[match[1]], said)
    counts = {"two": 2, "2": 2, "three": 3, "3": 3}
    if match := re.fullmatch(r"(first|last) (two|2|three|3)(?: ones)?", said):
        size = counts[match[2]]
        return list(asked[:size] if match[1] == "first" else asked[-size:]) if size <= len(asked) else []
    picked: list[str] = []
    for part in re.split(r"\s*(?:,|&|\+|/|\band\b|\bplus\b)\s*", said):
        words = [word for word in re.findall(r"#?[\w'-]+", part) if not _LIST_WORD.fullmatch(word)]
        if not words:
            continue
        if len(words) == 1 and words[0] in _ORDINALS:
            place = _ORDINALS[words[0]]
            if place >= len(asked):
                return []
            picked.append(asked[place])
            continue
        named = _named(words, asked)
        if named is None or named in denials(asked):  # "technology works" is no pick of "it doesn't do its job"
            return []
        picked.append(named)
    return list(dict.fromkeys(picked))


def _named(words: Sequence[str], asked: Sequence[str]) -> str | None:
    """The one field that all these words can name."""
    if len(words) > 3:
        return None
    fits = [field for field in asked if all(_stem(word) in _names(field) for word in words)]
    if len(fits) == 1:
        return fits[0]
    return None


@cache
def _buttons(field: str) -> Mapping[str, Told]:
    """What the buttons of a field's question answer, by their titles: whoever types one means it."""
    responses: Mapping[str, Any] = load(DATA / "fields" / f"{field}.yml").get("responses", {})
    buttons = [
        button
        for name, variants in responses.items()
        if name.startswith(f"utter_question_{field}")
        for variant in variants
        for button in variant.get("buttons", ())
    ]
    return {
        button["title"].lower().strip(" .!,"): _answer_of(button)
        for button in reversed(buttons)
        if button["payload"].startswith("/answer") and button["title"].lower() not in ("yes", "no")
    }


def denials(asked: Sequence[str]) -> frozenset[str]:
    """The fields that an item of a list denies, if the list is asked for whole: "our technology doesn't do its job"."""
    items = _ticked(asked[0]) if asked else {}
    return (
        frozenset(name for name, value in items.items() if value is False) if items.keys() == {*asked} else frozenset()
    )


@cache
def _ticked(field: str) -> Mapping[str, Any]:
    """What ticking the items of a field's question answers."""
    responses: Mapping[str, Any] = load(DATA / "fields" / f"{field}.yml").get("responses", {})
    items = [
        _answer_of(item)
        for question in responses.get(f"utter_question_{field}", ())
        for item in question.get("metadata", {}).get("several", ())
    ]
    return {name: value for item in items for name, value in item.items()}


def _answer_of(button: Mapping[str, str]) -> Any:
    """What a button answers; in YAML the braces of its payload are doubled."""
    return json.loads(button["payload"].removeprefix("/answer").replace("{{", "{").replace("}}", "}"))


@cache
def label_words(field: str) -> frozenset[str]:
    """The stems of the words that a field's label consists of."""
    responses: Mapping[str, Any] = load(DATA / "fields" / f"{field}.yml").get("responses", {})
    texts = [one["text"] for one in responses.get(f"utter_card_field_{field}", ())]
    return frozenset(
        _stem(word) for text in texts for word in re.findall(r"[a-z]+", text.lower()) if not _COMMON.fullmatch(word)
    )


@cache
def _names(field: str) -> frozenset[str]:
    """Words that a field is called by: of its name, of its label and of the button that sets it alone."""
    responses: Mapping[str, Any] = load(DATA / "fields" / f"{field}.yml").get("responses", {})
    texts = [field.replace("_", " "), *(one["text"] for one in responses.get(f"utter_card_field_{field}", ()))]
    texts += [one["text"] for one in responses.get(f"utter_{field}_true", ())]
    return frozenset(
        _stem(word) for text in texts for word in re.findall(r"[a-z]+", text.lower()) if not _COMMON.fullmatch(word)
    )


def _stem(word: str) -> str:
    return re.sub(r"(?:s|es|ers?|ing|ability|able|ise|ize)$", "", word) if len(word) > 4 else word
