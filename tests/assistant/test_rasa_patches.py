"""Our optimized replacements give the same results as Rasa's own code."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path

import pytest
from rasa.core.actions.forms import FormAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot, ListSlot

from assistant import rasa_patches
from tests.content import ROOT


class Number(GraphComponent):
    """Gives a number."""

    @classmethod
    def create(cls, **_: object) -> Number:
        return cls()

    def give(self, start: int) -> int:
        return start + 1


class Sum(Number):
    """Adds two numbers."""

    def add(self, one: int, other: int) -> int:
        return one + other


def node(component: type[Number], function: str, **needs: str) -> SchemaNode:
    return SchemaNode(needs=needs, uses=component, constructor_name="create", fn=function, config={})


def test_graph_runner_returns_the_same_results_as_rasa(tmp_path: Path) -> None:
    schema = GraphSchema(
        {
            "one": node(Number, "give", start="input"),
            "two": node(Number, "give", start="one"),
            "sum": node(Sum, "add", one="one", other="two"),
            "unused": node(Number, "give", start="nothing"),
        }
    )
    runner = DaskGraphRunner(schema, LocalModelStorage(tmp_path), ExecutionContext(schema))
    for targets in (["sum"], ["two", "sum"]):
        wanted = DaskGraphRunner.run(runner, {"input": 1}, targets)
        assert rasa_patches._run(runner, {"input": 1}, targets) == wanted
        assert wanted["sum"] == 5


@pytest.mark.parametrize("slot", [AnySlot("x", []), ListSlot("y", [])])
def test_copied_slot_is_independent(slot: AnySlot | ListSlot) -> None:
    slot.value = [1]
    copied = rasa_patches._copy(slot)
    assert type(copied) is type(slot)
    assert copied.__dict__ == copy.copy(slot).__dict__
    copied.value = [2]
    assert slot.value == [1]


def test_entity_mappings_match_rasa() -> None:
    domain = Domain.load(str(ROOT / "domain.yml"))
    for name in domain.form_names:
        wanted = rasa_patches._create_unique_entity_mappings(FormAction(name, None), domain)
        for _ in range(2):
            assert rasa_patches._unique_entity_mappings(FormAction(name, None), domain) == wanted


def test_events_are_resolved_by_type_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Event, "resolve_by_type", Event.resolve_by_type)
    assert Event.resolve_by_type("user") is UserUttered
    assert Event.resolve_by_type("slot") is SlotSet


@pytest.mark.parametrize("seed", range(10))
def test_rules_are_found_as_by_all_states(seed: int) -> None:
    chance = random.Random(seed)
    kinds = [{"user": {"intent": intent}, "prev_action": {"action_name": "x"}} for intent in ("a", "b", "c")]
    rules = {json.dumps(chance.choices(kinds, k=chance.randint(1, 4))): "y" for _ in range(20)}
    policy = object.__new__(RulePolicy)
    for _ in range(20):
        states = chance.choices(kinds, k=chance.randint(0, 9))
        wanted = rasa_patches._get_keys_of_all_states(policy, rules, states)
        assert rasa_patches._get_possible_keys(policy, rules, states) == wanted


def test_domain_read_once_is_the_same_domain(tmp_path: Path) -> None:
    Domain.load(str(ROOT / "domain.yml")).persist(tmp_path / "domain.yml")  # as training does
    wanted = Domain.from_directory(str(tmp_path)).as_dict()
    assert rasa_patches._from_directory(Domain, str(tmp_path)).as_dict() == wanted
