"""Roles, engagements and other officers are read from a message and masked."""

from __future__ import annotations

import pytest

from assistant.nlu.examples import read_synonyms
from assistant.nlu.fallback import about_another
from assistant.nlu.roles import FEATURES, Mentions, RoleNames
from tests.content import ROOT


@pytest.fixture(scope="module")
def names() -> RoleNames:
    return RoleNames(read_synonyms(ROOT / "data"))


@pytest.mark.parametrize(
    ("text", "role", "engagement"),
    [
        ("what does a fractional cto cost?", "cto", "fractional"),
        ("chief ai officer's day", "caio", None),
        ("is a part-time head of ai enough", "caio", "fractional"),
        ("full time or fractional?", None, None),
        ("ctos in house", "cto", "full_time"),
        ("caio vs cto", None, None),
        ("caio vs cto: do you need both?", "both", None),
        ("what does it cost", None, None),
        ("a director of airlines", None, None),
    ],
)
def test_role_and_engagement_are_read(names: RoleNames, text: str, role: str | None, engagement: str | None) -> None:
    mentions, _ = names.read(text)
    assert (mentions.role, mentions.engagement) == (role, engagement)


def test_comparison_names_both_roles_without_choosing(names: RoleNames) -> None:
    mentions, masked = names.read("caio vs cto")
    assert mentions == Mentions(compared=True)
    assert mentions.any_role
    assert masked == "officer vs officer"


def test_questions_about_either_role_look_alike_to_the_classifier(names: RoleNames) -> None:
    assert names.read("cost of a cto")[1] == names.read("cost of a chief ai officer")[1] == "cost of a officer"


def test_another_officer_is_named_with_its_article(names: RoleNames) -> None:
    assert names.read("what does a part-time cfo cost")[0].others == ("a fractional CFO",)
    assert names.read("our cfo wants to know the price")[0].others == ()


def test_what_the_article_does_not_distinguish_is_named_and_kept_for_the_classifier(names: RoleNames) -> None:
    mentions, masked = names.read("cto cost in australia at seed stage")
    assert mentions.limits == ("place", "stage")
    assert mentions.others == ()
    assert masked == "officer cost in australia at seed stage"


def test_features_tell_every_kind_of_mention_apart() -> None:
    kinds = [
        Mentions(),
        *(Mentions(role=role) for role in ("caio", "cto", "both")),
        Mentions(compared=True),
        *(Mentions(engagement=engagement) for engagement in ("fractional", "full_time")),
        Mentions(others=("a CIO",)),
    ]
    features = [tuple(each.features) for each in kinds]
    assert len(set(features)) == len(kinds)
    assert {len(each) for each in features} == {FEATURES}


def test_address_names_aspect_role_and_engagement() -> None:
    assert Mentions("cto", "fractional").address("faq/cost") == "faq/cost/cto/fractional"
    assert Mentions(engagement="full_time").address("faq/cost") == "faq/cost/full_time"
    assert Mentions().address("faq/cost") == "faq/cost"


@pytest.mark.parametrize(
    ("label", "mentions", "officer"),
    [
        ("faq/cost", Mentions(others=("a CIO",)), "a CIO"),
        ("faq/cost", Mentions(role="cto", others=("a CIO",)), None),
        ("faq/difference", Mentions(role="cto", others=("a CIO",)), "a CIO"),
        ("faq/difference", Mentions(compared=True), None),
        ("greet", Mentions(others=("a CIO",)), None),
    ],
)
def test_question_about_another_officer_is_noticed(label: str, mentions: Mentions, officer: str | None) -> None:
    assert about_another(label, mentions) == officer


def test_boss_of_the_person_is_not_the_role_that_is_asked_about() -> None:
    names = RoleNames({"cto": "cto", "caio": "caio"})
    mentions, masked = names.read("does that person report to me as ceo or to our cto?")
    assert (mentions.role, masked) == (None, "does that person report to me as ceo or to our officer?")
    assert names.read("who reports to the cto?")[0].role == "cto"
