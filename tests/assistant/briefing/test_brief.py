"""A brief says what a sales person needs before the call, each line with the events that it comes from."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.company import Answers, company_of
from actions.wording import Wording
from advisor.advice import advise
from advisor.article import clashes
from advisor.brief import FOLDED, MOST_WORDS, SHOWN, Brief
from advisor.company import read_company
from assistant.briefing.asking import is_doubtful
from assistant.briefing.brief import brief_of
from assistant.briefing.case import Case
from assistant.briefing.opening import PAINS, SIGNALS, STATES
from assistant.briefing.outlook import dates
from assistant.briefing.signs import SIGNS
from assistant.contacts.contact import Contact
from assistant.dossier import Quote
from assistant.pages.page import page
from assistant.settings import Settings
from assistant.stores.leads import Lead
from tests.assistant.recorded import BEGAN, Recorded
from tests.content import ROOT, cells

GOLDEN: dict[str, dict[str, Any]] = {
    situation["name"]: situation["company"]
    for situation in yaml.safe_load((ROOT / "tests" / "advisor" / "golden_cases.yml").read_text(encoding="utf-8"))
}
SERVICE_FIRM: Answers = {
    "revenue_band": "1m_10m",
    "business": ["service"],
    "leadership": "none",
    "ai_strategy": "none",
    "has_website": True,
    "has_crm": True,
    "has_cloud": True,
}
HOSTILE = '<script>alert("x")</script>\r\n\r\n# [click](javascript:alert(1)) **now** {{ 7 * 7 }} &amp;'


@pytest.fixture
def talk(tmp_path: Path, wording: Wording) -> Recorded:
    return Recorded(tmp_path, wording)


def html(made: Brief, wording: Wording) -> str:
    return page("brief", Settings(), brief=made, legend=wording.text("utter_brief_legend")).html


def answers_of(company: dict[str, Any]) -> Answers:
    """A company as the slots of a conversation hold it, with its revenue as a band."""
    known = read_company(company)
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in known.items()
        if name != "annual_revenue"
    }


def said(made: Brief, section: str) -> list[str]:
    """The lines of a section; none if there is no such section."""
    return [line.text for one in made.sections if one.name == section for line in one.lines]


def lead(answers_included: bool = True, **changed: Any) -> Lead:
    contact = Contact("Jane Miller", "jane@acme.example", "+1 555 0142", "Acme", "cost", "Tuesday after 3")
    values = {"contact": contact, "consented": BEGAN + 1, "created": BEGAN, "updated": BEGAN}
    return Lead("a visitor", consent="2026-11", answers_included=answers_included, **{**values, **changed})


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_case_has_a_brief_of_two_minutes_whose_lines_name_their_events(
    name: str, talk: Recorded, wording: Wording
) -> None:
    answers = answers_of(GOLDEN[name])
    talk.says("which one do we need?", "ask_for_advice")
    talk.answers(answers)
    event = talk.is_advised(answers)
    held = talk.dossier()
    made = brief_of(held, wording)
    assert made.words <= MOST_WORDS
    lines = [line for section in made.sections for line in section.lines]
    assert all(line.events and max(line.events) <= held.last for line in lines)
    talk.is_recorded(event, {"inputs": answers, "output": advise(company_of(answers)).as_json()})
    again = brief_of(talk.dossier(), wording)
    assert again.as_markdown() == made.as_markdown()
    assert json.dumps(again.as_json()) == json.dumps(made.as_json())
    assert html(again, wording) == html(made, wording)


def test_brief_opens_with_a_whole_sentence_about_a_problem(talk: Recorded, wording: Wording) -> None:
    talk.says("Hello, I'm the owner. We use ChatGPT. Our site crashed twice in May. Is that bad?", "inform_ai_plans")
    assert said(brief_of(talk.dossier(), wording), "opening") == [
        "“You wrote ‘Our site crashed twice in May’. What gets held up when that happens?”"
    ]


def test_brief_does_not_open_with_an_introduction_or_with_half_a_sentence(talk: Recorded, wording: Wording) -> None:
    talk.says(f"I'm the CTO of a firm whose server crashed. The server crashed {'again and ' * 12}again.")
    talk.says("my board keeps asking for an AI person and we have no plan.", "inform_ai_plans")
    assert said(brief_of(talk.dossier(), wording), "opening") == [
        "“You wrote ‘my board keeps asking for an AI person and we have no plan’. "
        "What do they want to see, and by when?”"
    ]


def test_brief_opens_with_an_introduction_that_says_what_it_is_about(talk: Recorded, wording: Wording) -> None:
    talk.says("I'm the CTO and the board wants to hire a CAIO. We have an AI strategy already.", "inform_ai_plans")
    assert said(brief_of(talk.dossier(), wording), "opening") == [
        "“You wrote ‘I'm the CTO and the board wants to hire a CAIO’. What do they want to see, and by when?”"
    ]


@pytest.mark.parametrize(
    ("written", "question"),
    [
        ("We lost two clients in March.", "How did that come about?"),
        ("Honestly that sounds like a lot for us.", "What size would feel right to start with?"),
        ("We have no idea what to do with it.", "What would a good outcome look like?"),
        ("Support for our ERP ends, due by end of June.", "What has to be settled before then?"),
        ("I worry about how it looks to donors.", "What would put your mind at ease?"),
        ("We use ChatGPT for grant writing.", "Where would you like that to be a year from now?"),
    ],
)
def test_question_after_the_quote_fits_what_was_said(
    written: str, question: str, talk: Recorded, wording: Wording
) -> None:
    talk.says(f"so you'd be saying he's wrong. {written}", "inform_ai_plans")
    assert said(brief_of(talk.dossier(), wording), "opening") == [f"“You wrote ‘{written[:-1]}’. {question}”"]


def test_what_is_told_without_a_question_is_no_question(talk: Recorded, wording: Wording) -> None:
    talk.says("Our CEO hates consultants and all they do.", "not_in_article/other_officer")
    talk.sets("unanswered", {"asked": "our CEO hates consultants", "nearest": []})
    assert said(brief_of(talk.dossier(), wording), "unanswered") == []


def test_brief_opens_with_an_answer_where_there_is_nothing_to_quote(talk: Recorded, wording: Wording) -> None:
    talk.answers({"tech_works": False})
    assert said(brief_of(talk.dossier(), wording), "opening") == [
        "“You told us your technology doesn't do its job. Which failure costs you the most today?”"
    ]


def test_brief_opens_with_a_question_of_a_visitor_who_only_asked(talk: Recorded, wording: Wording) -> None:
    talk.says("what's the difference between the two?", "faq/difference")
    assert said(brief_of(talk.dossier(), wording), "opening") == [
        "“You asked ‘what's the difference between the two?’ What's behind that?”"
    ]


def test_brief_names_role_rule_firmness_and_the_price_that_was_read(talk: Recorded, wording: Wording) -> None:
    talk.answers(SERVICE_FIRM)
    talk.is_advised(SERVICE_FIRM)
    assert said(brief_of(talk.dossier(), wording), "recommendation") == [
        "CAIO first, fractional.",
        "Firm: a CAIO first when the basic systems are in place and there's no AI strategy (rule P70).",
        "The price they read: “$2,500 to $15,000 a month”",
    ]


def test_brief_asks_what_is_missing_and_tells_which_way_it_turns_the_advice(talk: Recorded, wording: Wording) -> None:
    known = {name: value for name, value in SERVICE_FIRM.items() if name != "leadership"}
    talk.answers(known)
    talk.is_advised(known)
    made = brief_of(talk.dossier(), wording)
    asks = said(made, "ask")
    assert asks[0] == (
        "Who leads technology and AI at your company today? "
        "“A CTO” or “One person for both”: keep the CTO, add a CAIO, fractional; “Both”: no hire, the leadership is in "
        "place."
    )
    assert len(asks) <= 3
    assert said(made, "objective")[0] == (
        "Is it “CAIO first” or “keep the CTO, add a CAIO”? The first question below decides."
    )


def test_brief_asks_first_what_makes_a_hire(talk: Recorded, wording: Wording) -> None:
    able = dict.fromkeys(("cto_ai_expertise", "cto_bandwidth", "cto_accountable"), True)
    known: Answers = {"revenue_band": "1m_10m", "leadership": "cto", "ai_strategy": "in_place", **able}
    talk.answers(known)
    talk.is_advised(known)
    missing = [one for one in said(brief_of(talk.dossier(), wording), "ask") if not one.startswith("Confirm: ")]
    assert len(missing) == 3
    assert all(one.endswith("“Yes”: keep the CTO, add a CAIO, fractional.") for one in missing)


def test_brief_tells_what_to_check_again_where_nothing_is_missing(talk: Recorded, wording: Wording) -> None:
    inputs: Answers = {"revenue_band": "10m_50m", "leadership": "cto", "ai_strategy": "none", "cto_bandwidth": False}
    talk.answers(inputs)
    talk.is_advised(inputs)
    assert said(brief_of(talk.dossier(), wording), "ask") == [
        "Confirm: no AI strategy. If not: no hire, the CTO is enough.",
        "They said of the CTO: no time for AI. What would it take to change that? With the expertise, the time, the "
        "accountability and no warning sign: no hire, the CTO leads AI too.",
    ]


def test_brief_does_not_ask_again_what_was_surely_read(talk: Recorded, wording: Wording) -> None:
    inputs: Answers = {"revenue_band": "10m_50m", "leadership": "cto", "ai_strategy": "none"}
    for sure, checks in ((0.95, False), (0.4, True)):
        told = talk.says("Our CTO is swamped.", "inform_leadership")
        talk.answers(inputs)
        talk.is_advised(inputs)
        held = talk.dossier()
        words = {"leadership": Quote("Our CTO is swamped", told, sure)}
        held = replace(held, words=words, told={**held.told, "leadership": told})
        assert any("We noted a CTO" in line for line in said(brief_of(held, wording), "ask")) is checks


def test_objective_names_what_the_company_suffers_from(talk: Recorded, wording: Wording) -> None:
    inputs: Answers = {"revenue_band": "1m_10m", "leadership": "none", "tech_works": False, "has_crm": False}
    talk.answers(inputs)
    talk.is_advised(inputs)
    assert said(brief_of(talk.dossier(), wording), "objective")[-1].endswith(
        "What they named: technology that doesn't do its job and no CRM."
    )


def test_what_was_written_and_not_noted_is_quoted(talk: Recorded, wording: Wording) -> None:
    written = talk.says("We're accountants with two offices. Is it warm there? No, we are not.", "nlu_fallback")
    [company] = [one for one in brief_of(talk.dossier(), wording).sections if one.name == "company"]
    assert [(line.text, line.events) for line in company.lines] == [
        ("“We're accountants with two offices”", (written,))
    ]


def test_doubts_are_quoted_and_not_asked_about_as_problems(talk: Recorded, wording: Wording) -> None:
    doubted = talk.says("Our site crashed twice in May. Honestly I suspect it's all hype.", "inform_tech_stack")
    made = brief_of(talk.dossier(), wording)
    [signs] = [section for section in made.sections if section.name == "signs"]
    assert (signs.lines[0].text, signs.lines[0].events) == ("Doubted: “Honestly I suspect it's all hype”", (doubted,))
    assert "hype" not in "".join(said(made, "ask"))


def test_brief_shows_the_words_that_an_answer_was_read_from(talk: Recorded, wording: Wording) -> None:
    """A misreading is seen beside the words."""
    inputs: Answers = {"revenue_band": "10m_50m", "leadership": "cto", "ai_strategy": "none", "has_crm": True}
    talk.answers({"ai_strategy": "none"})
    told = talk.says("Our CTO left in March. $31M a year, and we love Pipedrive.", "inform_company_size")
    for name in ("revenue_band", "leadership", "has_crm"):
        talk.sets(name, inputs[name])
    talk.sets("quotes", {"leadership": "our CTO", "has_crm": "we love Pipedrive"})
    talk.is_advised(inputs)
    made = brief_of(talk.dossier(), wording)
    assert said(made, "company") == [
        "AI: no AI strategy",
        "“$31M a year, and we love Pipedrive” (noted: $10M to $50M in revenue, a CRM)",
    ]
    [asks] = [section for section in made.sections if section.name == "ask"]
    checks = [line for line in asks.lines if line.text.startswith("We noted a CTO from “Our CTO left in March”.")]
    assert [line.events for line in checks] == [(told,)]


def test_brief_asks_about_a_problem_of_their_own_that_it_does_not_open_with(talk: Recorded, wording: Wording) -> None:
    talk.says("Our site crashed twice in May. Time is the real problem here.", "inform_tech_stack")
    talk.is_advised({"leadership": "both"})
    assert said(brief_of(talk.dossier(), wording), "ask")[-1] == (
        "They wrote “Time is the real problem here”. What would help most?"
    )


def test_company_is_told_in_its_order_and_nothing_is_said_twice(talk: Recorded, wording: Wording) -> None:
    """What the advice rests on is shown first if there is little room, but told where it was said."""
    talk.sets("requested_slot", "leadership")
    talk.says("Hi. Should we hire somebody for AI? We're a bakery with 40 people.", "faq/competitors")
    manager = talk.says("Our ops manager does IT. Does it work? Mostly. He's stretched thin, and it crashed in May.")
    talk.sets("leadership", "none")
    talk.says("Support ends in October.", "inform_tech_stack")
    talk.says("We lost two clients in March.", "inform_tech_stack")
    talk.says("yes, send it with my answers", "send_contact")
    made = brief_of(talk.dossier(), wording)
    assert said(made, "objective")[0] == (
        "They came with: “Should we hire somebody for AI? We're a bakery with 40 people.”"
    )
    assert "Should we hire" not in said(made, "opening")[0]
    [company] = [section for section in made.sections if section.name == "company"]
    assert [(line.text, line.events) for line in company.lines] == [
        (
            "“Our ops manager does IT. Does it work? Mostly. He's stretched thin, and it crashed in May” "
            "(noted: no CTO or CAIO)",
            (manager,),
        )
    ]
    assert said(made, "next")[0] == "Agree on a next step that fits their dates: “Support ends in October”"


@pytest.mark.parametrize(
    ("text", "field", "value", "is_checked"),
    [
        ("He has maybe a day a week for AI.", "cto_bandwidth", True, True),
        ("He has a day a week for AI.", "cto_bandwidth", True, False),
        ("Everything we run is custom built.", "custom_tech_needed", False, True),
        ("We don't need custom technology.", "custom_tech_needed", False, False),
        ("The camera works. It rejects good parts, so it's failing.", "tech_works", True, True),
        ("Our technology does its job.", "tech_works", True, False),
    ],
)
def test_what_its_words_do_not_plainly_say_is_to_be_checked(
    text: str, field: str, value: bool, is_checked: bool, talk: Recorded, wording: Wording
) -> None:
    """Words that hedge, that deny nothing though the answer does, or that tell of trouble where it sees none."""
    talk.says("We are a firm of forty people.")
    talk.says(text, "inform_tech_stack")
    talk.sets(field, value)
    talk.sets("quotes", {field: text})
    case = Case(talk.dossier(), wording)
    words = case.words(field)
    assert words is not None
    assert is_doubtful(case, field, replace(words, sure=1.0)) is is_checked


def test_doubtful_strength_of_the_cto_is_asked_about(talk: Recorded, wording: Wording) -> None:
    talk.answers({"leadership": "cto"})
    told = talk.says("He has maybe a day a week for AI.", "inform_ai_plans")
    talk.sets("cto_bandwidth", True)
    talk.sets("quotes", {"cto_bandwidth": "He has maybe a day a week for AI."})
    [asks] = [section for section in brief_of(talk.dossier(), wording).sections if section.name == "ask"]
    assert (
        "We noted time for AI from “He has maybe a day a week for AI”. "
        "Check it: a CTO who leads AI too needs expertise, time and accountability.",
        (told,),
    ) in [(line.text, line.events) for line in asks.lines]


def test_what_followed_the_recommendation_is_shown_and_how_they_decide(talk: Recorded, wording: Wording) -> None:
    talk.answers(SERVICE_FIRM)
    talk.is_advised(SERVICE_FIRM)
    talk.says("Our site crashed twice in May. I've seen enough of those... or too many. My wife approves the budget.")
    made = brief_of(talk.dossier(), wording)
    assert said(made, "signs") == ["After the recommendation they wrote: “I've seen enough of those... or too many”"]
    assert said(made, "next") == ["Settle how they decide: “My wife approves the budget”"]


@pytest.mark.parametrize(
    ("text", "is_ahead"),
    [
        ("The contract is up in 2027.", True),
        ("He's retiring in fourteen months.", True),
        ("The board meets on the 19th.", True),
        ("I need to answer them by Friday.", True),
        ("Our software is rented by the month.", False),
        ("We lost two people in three years.", False),
        ("AI can wait till next year.", False),
    ],
)
def test_dates_that_lie_ahead(text: str, is_ahead: bool, talk: Recorded, wording: Wording) -> None:
    talk.says("I worry about the hype, and we lost the pitch in March.")
    talk.says(text, "inform_tech_stack")
    assert [one.words for one in dates(Case(talk.dossier(), wording))] == ([text] if is_ahead else [])


def test_brief_without_a_verdict_says_so_and_still_tells_what_would_settle_it(talk: Recorded, wording: Wording) -> None:
    made = brief_of(talk.dossier(), wording)
    assert said(made, "recommendation") == ["They got no recommendation, and we noted nothing about their company."]
    assert len(said(made, "ask")) == 3
    talk.answers(SERVICE_FIRM)
    told = said(brief_of(talk.dossier(), wording), "recommendation")
    assert told[0] == "They got no recommendation. Their answers so far point to: CAIO first, fractional."


def test_brief_lists_the_questions_that_had_no_answer(talk: Recorded, wording: Wording) -> None:
    talk.says("We lost 2 clients in March.")
    talk.says("do you have references in dental care?", "not_in_article/cases")
    talk.sets("unanswered", {"asked": "do you have references in dental care?", "nearest": []})
    talk.says("what's the difference?", "faq/difference")
    made = brief_of(talk.dossier(), wording)
    assert said(made, "unanswered") == [
        "We had no answer: “do you have references in dental care?”",
        "We replied to: “what's the difference?”",
    ]
    assert said(made, "next") == ["Bring or send the answer to their open question."]


def test_questions_without_an_answer_are_whole_and_the_newest_opens_the_call(talk: Recorded, wording: Wording) -> None:
    long = f"We are a firm {'in the north ' * 12}of the country. Do you travel? And who pays for it?"
    for text in (long, "Who measures it? Nobody. We buy tools.", "do you sign an NDA?"):
        talk.sets("requested_slot", "ai_strategy")
        talk.says(text, "not_in_article/firm")
        talk.sets("unanswered", {"asked": text, "nearest": []})
    made = brief_of(talk.dossier(), wording)
    assert said(made, "opening") == [
        "“You asked ‘do you sign an NDA?’ We owe you an answer to that. Shall we start there?”"
    ]
    assert said(made, "unanswered") == ["We had no answer: “Do you travel? And who pays for it?”"]


def test_brief_shows_interest_and_doubts_as_they_were_said(talk: Recorded, wording: Wording) -> None:
    first = talk.says("how much is one?", "faq/cost", role="caio")
    talk.says("why not a CTO?", "why_not")
    second = talk.says("and both?", "faq/cost", role="both")
    talk.says("no way", "deny")
    made = brief_of(talk.dossier(), wording)
    assert said(made, "signs") == [
        "Said no: “no way”",
        "Wanted to know why not: “why not a CTO?”",
        "Asked the price: “how much is one?” and “and both?”",
    ]
    [signs] = [section for section in made.sections if section.name == "signs"]
    assert signs.lines[2].events == (first, second)


def test_brief_tells_when_a_visitor_came_back(talk: Recorded, wording: Wording) -> None:
    talk.says("hello", "greet")
    talk.passes(days=2)
    again = talk.says("hello again", "greet")
    [signs] = [section for section in brief_of(talk.dossier(), wording).sections if section.name == "signs"]
    assert [(line.text, line.events) for line in signs.lines] == [("Came back on December 1, 2026", (again,))]


def test_no_to_a_question_of_the_interview_is_not_a_doubt(talk: Recorded, wording: Wording) -> None:
    talk.sets("requested_slot", "tech_upgrades_needed")
    talk.says("no", "deny")
    assert said(brief_of(talk.dossier(), wording), "signs") == []


def test_brief_warns_of_the_contradictions_that_an_answer_touched(talk: Recorded, wording: Wording) -> None:
    talk.says("what do both cost?", "faq/cost", role="both")
    assert said(brief_of(talk.dossier(), wording), "clashes")[0] == (
        "They have seen two prices for the pair, $8,000 to $12,000 a month and $6,000 to $12,000 a month. "
        "Don't quote an average."
    )


def test_brief_names_contact_consent_and_call(talk: Recorded, wording: Wording) -> None:
    agreed = talk.says("yes, call me", "affirm")
    talk.says("thanks", "thank")
    talk.prepares("demo-7")
    made = brief_of(talk.dossier(lead(call=BEGAN, call_state="booked")), wording)
    assert made.title == "Brief: Jane Miller, Acme, November 29, 2026"
    assert said(made, "contact") == [
        "Jane Miller, Acme, jane@acme.example, +1 555 0142",
        "When to call: “Tuesday after 3”",
        "Agreed on November 29, 2026 to be contacted (text 2026-11); answers included: yes",
        "Came by the link of call demo-7",
    ]
    [contact] = [section for section in made.sections if section.name == "contact"]
    assert contact.lines[0].events == (agreed,)
    assert said(made, "next")[0].startswith("The call is booked for November 29, 2026, ")


def test_brief_starts_with_how_and_with_whom_the_visitor_wants_to_talk(
    talk: Recorded, wording: Wording, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their sentences, without the contact details, and without the one that is the objective."""
    monkeypatch.setenv("SEATWISE_SECRET", "k" * 32)
    contact = Contact("Jane Miller", "jane@acme.example", "+1 555 0199", "Acme", "the portal", "Tuesday")
    masked = "Call me, [name], CFO, [email], [phone]. I want to discuss the portal, except on price. Not the CEO."
    before = talk.says("My brother has to be on the call.")
    asked = talk.gives(contact, masked)
    agreed = lead(consented=BEGAN + 100)
    talk.agrees(agreed)
    made = brief_of(talk.dossier(agreed), wording)
    assert said(made, "contact")[:3] == [
        "Before you reach out: “My brother has to be on the call” and “Not the CEO”",
        "Jane Miller, Acme, jane@acme.example, +1 555 0142",
        "Who they are: “CFO”",
    ]
    assert made.sections[0].lines[0].events == (before, asked)
    assert said(made, "objective")[0] == ("Settle what they ask for: “I want to discuss the portal, except on price.”")
    assert "discuss" not in "".join(said(made, "opening"))
    withheld = brief_of(talk.dossier(lead(answers_included=False, consented=BEGAN + 100)), wording)
    assert not {"CEO", "brother", "CFO"} & set(re.findall(r"\w+", withheld.as_markdown()))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Text, don't call. We have 40 people.", ["Text, don't call."]),
        ("E-mail only please", ["E-mail only please"]),
        ("I prefer a Teams meeting over the phone.", ["I prefer a Teams meeting over the phone."]),
        ("Please do not contact our CEO about it", ["Please do not contact our CEO about it"]),
        ("Everything goes through me. Keep this between us.", ["Everything goes through me.", "Keep this between us."]),
        ("He doesn't know I'm looking into this", ["He doesn't know I'm looking into this"]),
        ("We don't call customers. Nobody calls back. No phone system, no email marketing.", []),
        ("No IT manager, just me and a password list. We don't tell them. Who would be on the call?", []),
        ("We lost our only call center. I don't know about AI. They text us orders.", []),
    ],
)
def test_sentences_about_how_to_reach_a_visitor(text: str, terms: list[str], talk: Recorded, wording: Wording) -> None:
    talk.says(text)
    assert [one.words for one in Case(talk.dossier(lead()), wording).terms] == terms


@pytest.mark.parametrize(
    ("masked", "shown"),
    [
        (
            "[name], CFO, [email], no calls [when]",
            ["Before you reach out: “no calls before 10”", "jane@acme.example", "Who they are: “CFO”"],
        ),
        (
            "Call me, [email]. Wed 11 or [when], Saturday is fine too.",
            ["jane@acme.example", "When to call: “Wed 11 or before 10, Saturday is fine too”"],
        ),
    ],
)
def test_contact_details_are_not_repeated_beside_terms_and_times(
    masked: str, shown: list[str], talk: Recorded, wording: Wording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEATWISE_SECRET", "k" * 32)
    contact = Contact("Jane", "jane@acme.example", when="before 10")
    talk.gives(contact, masked)
    talk.gives(Contact("Bob"), "He decides, with the board. Please set up a call. It's [name].")
    agreed = lead(contact=contact, consented=BEGAN + 100)
    talk.agrees(agreed)
    made = brief_of(talk.dossier(agreed), wording)
    assert said(made, "next") == ["Settle how they decide: “He decides, with the board”"]
    assert [line.replace("Jane, ", "") for line in said(made, "contact")][: len(shown)] == shown


def test_what_is_to_be_left_out_is_named_and_left_out(talk: Recorded, wording: Wording) -> None:
    talk.says("We have two offices. We use ChatGPT daily.", "inform_ai_plans")
    talk.says("Two juniors made Midjourney images and a client found out.", "inform_ai_plans")
    talk.says("Yes, with my answers, but leave out the Midjourney story", "send_contact")
    made = brief_of(talk.dossier(lead(consented=BEGAN + 100)), wording)
    assert said(made, "contact")[0] == (
        "Before you reach out: “Yes, with my answers, but leave out the Midjourney story”"
    )
    assert "juniors" not in made.as_markdown()
    assert said(made, "company") == ["“We have two offices. We use ChatGPT daily”"]


def test_what_is_to_be_included_after_all_is_not_left_out(talk: Recorded, wording: Wording) -> None:
    talk.says("We make 500k of ARR.", "inform_company_size")
    talk.says("yes, with my answers, except the revenue, the ARR. actually include it", "send_contact")
    made = brief_of(talk.dossier(lead(consented=BEGAN + 100)), wording)
    assert said(made, "company") == ["“We make 500k of ARR”"]


def test_who_they_are_is_what_they_say_of_themselves(talk: Recorded, wording: Wording) -> None:
    told = talk.says("We bake bread. I'm the CFO and it landed on me. I'm not sure about the CTO.", "inform_leadership")
    made = brief_of(talk.dossier(lead()), wording)
    assert said(made, "contact")[1] == "Who they are: “I'm the CFO and it landed on me”"
    assert made.sections[0].lines[1].events == (told,)
    assert said(made, "company") == ["“We bake bread. … I'm not sure about the CTO”"]


def test_brief_does_not_quote_a_message_that_only_asks_to_be_reached(
    talk: Recorded, wording: Wording, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEATWISE_SECRET", "k" * 32)
    contact = Contact(email="jane@acme.example", when="Tuesday")
    talk.gives(contact, "please write to me at [email] on [when]")
    agreed = lead(contact=contact, consented=BEGAN + 100)
    talk.agrees(agreed)
    made = brief_of(talk.dossier(agreed), wording)
    assert made.title == "Brief: jane@acme.example, November 29, 2026"
    assert said(made, "contact")[:2] == ["jane@acme.example", "When to call: “Tuesday”"]


def test_brief_without_consent_has_no_contact(talk: Recorded, wording: Wording) -> None:
    talk.says("I'm Jane", "give_contact")
    assert said(brief_of(talk.dossier(), wording), "contact") == [
        "They left no contact details, and agreed to no contact."
    ]


def test_brief_keeps_the_answers_of_a_visitor_who_did_not_want_them_passed_on(talk: Recorded, wording: Wording) -> None:
    talk.answers(SERVICE_FIRM)
    talk.is_advised(SERVICE_FIRM)
    made = brief_of(talk.dossier(lead(answers_included=False)), wording)
    assert [section.name for section in made.sections] == ["contact", "objective"]
    assert not {"CAIO", "CRM", "P70"} & set(re.findall(r"\w+", made.as_markdown()))


def test_brief_has_the_contact_details_that_a_visitor_passed_on_without_the_answers(
    talk: Recorded, wording: Wording
) -> None:
    talk.says("What does a CTO do about our portal?", "nlu_fallback")
    talk.says("Let's discuss the portal, I'm Jane", "give_contact")
    agreed = lead(answers_included=False, consented=BEGAN + 100)
    made = brief_of(talk.dossier(agreed), wording)
    assert said(made, "objective")[0] == "Settle what they ask for: “cost”"
    assert "When to call: “Tuesday after 3”" in said(made, "contact")
    assert "portal" not in made.as_markdown()
    untold = replace(agreed, contact=replace(agreed.contact, topic=None, when=None))
    assert "cost" not in brief_of(talk.dossier(untold), wording).as_markdown()


class Tags(HTMLParser):
    """The tags of a page, its text, and what its attributes hold."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_what_a_visitor_wrote_is_text_on_the_page_and_in_markdown(talk: Recorded, wording: Wording) -> None:
    talk.says(HOSTILE, "not_in_article/cases")
    talk.sets("unanswered", {"asked": HOSTILE, "nearest": []})
    talk.says(HOSTILE, "why_not")
    talk.sets("tech_works", False)
    talk.sets("quotes", {"tech_works": HOSTILE})
    contact = Contact(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    hostile = Lead("a visitor", contact, "2026-11", BEGAN + 1, answers_included=True, created=BEGAN, updated=BEGAN)
    made = brief_of(talk.dossier(hostile), wording)
    shown = Tags(html(made, wording))
    assert not {"script", "a", "img", "iframe", "form"} & shown.tags
    assert not {name for name in shown.attributes if name.startswith("on")} | ({"href", "src"} & shown.attributes)
    assert '<script>alert("x")</script>' in shown.text
    assert "{{ 7 * 7 }}" in shown.text
    markdown = made.as_markdown()
    assert not re.search(r"(?<!\\)<|(?<!\\)\]\(", markdown)
    assert [line for line in markdown.splitlines() if line and not line.startswith(("# ", "## ", "- "))] == []


def test_page_shows_every_line_and_folds_the_rest(talk: Recorded, wording: Wording) -> None:
    talk.answers(SERVICE_FIRM)
    talk.is_advised(SERVICE_FIRM)
    made = brief_of(talk.dossier(), wording)
    content = html(made, wording)
    shown = Tags(content)
    assert [line.text for section in made.sections for line in section.lines if line.text not in shown.text] == []
    assert {"main", "details", "summary"} <= shown.tags
    assert '<meta name="robots" content="noindex, nofollow">' in content


def test_every_response_of_the_brief_is_for_something_that_exists(wording: Wording) -> None:
    """A name that ends as no role, answer, sign or contradiction would never be said."""
    own = set(yaml.safe_load((ROOT / "data/conversation/brief.yml").read_text(encoding="utf-8"))["responses"])
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "assistant" / "briefing").glob("*.py"))
    pains = {f"utter_brief_opening_{name}_{str(value).lower()}" for name, value in (*PAINS, *STATES)}
    pains |= {f"utter_brief_opening_on_{signal.name}" for signal in SIGNALS}
    signs = {f"utter_brief_sign_{name}" for name in SIGNS}
    others = {f"utter_brief_clash_{name}" for name in clashes()} | {
        f"utter_brief_section_{name}" for name in (*SHOWN, FOLDED)
    }
    pages = (ROOT / "assistant" / "server" / "private.py").read_text(encoding="utf-8")
    literal = set(re.findall(r"utter_brief_\w+", source + pages))
    roles = {
        name for name in own if re.search(r"_(role|objective)_[A-Z]", name) or "_terms_" in name or "_next_" in name
    }
    assert pains | signs <= own
    assert own <= pains | signs | others | literal | roles


def test_contradictions_with_words_can_be_touched_by_an_answer_or_the_advice(wording: Wording) -> None:
    worded = [name for name in clashes() if f"utter_brief_clash_{name}" in wording]
    facts = [set(cell.facts) for topic in cells() if (cell := wording.cell(topic))]
    untouched = [name for name in worded if not any(len(held & {*clashes()[name].facts}) > 1 for held in facts)]
    assert untouched == []
