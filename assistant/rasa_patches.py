"""Caches or simplifies work that Rasa 3.6.21 repeats every turn.

Each patch returns the same results as the code it replaces; docs/measurements.md says what it saves.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from rasa.core.actions.forms import FormAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.utils.io import read_yaml_file

_create_unique_entity_mappings = FormAction._create_unique_entity_mappings
_get_keys_of_all_states = RulePolicy._get_possible_keys


def _copy(slot: Slot) -> Slot:
    """Replaces copy.copy, which is ten times slower; each tracker copies all slots of the domain."""
    copied = object.__new__(type(slot))
    copied.__dict__.update(slot.__dict__)
    return copied


def _run(runner: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> Any:
    """Replaces ``DaskGraphRunner.run``: runs nodes in dependency order without scheduling per message.

    Nodes and inputs are pairs of name and output.
    """
    results: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}

    def result(name: str) -> Any:
        if name not in results and name in runner._graph_schema.nodes:
            needs = runner._graph_schema.nodes[name].needs.values()
            results[name] = runner._instantiated_nodes[name](*map(result, needs))
        return results.get(name, name)

    return dict(result(name) for name in targets or runner._graph_schema.target_names)


def _unique_entity_mappings(form: FormAction, domain: Domain) -> set[str]:
    """Replaces ``FormAction._create_unique_entity_mappings``; cached per form and domain."""
    made: dict[str, set[str]] = domain.__dict__.setdefault("_unique_entity_mappings", {})
    if form.name() not in made:
        made[form.name()] = _create_unique_entity_mappings(form, domain)
    return made[form.name()]


def _get_possible_keys(policy: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """Replaces ``RulePolicy._get_possible_keys``; leaves out the states before those of the longest rule."""
    longest = max((len(policy._rule_key_to_state(key)) for key in lookup), default=0)
    keys: set[str] = _get_keys_of_all_states(policy, lookup, states[-longest:])
    return keys


def _from_directory(cls: type[Domain], path: str) -> Domain:
    """Replaces ``Domain.from_directory``: reads the domain of a trained model once instead of three times.

    Training has validated it.
    """
    return cls.from_dict(read_yaml_file(Path(path, "domain.yml")))


def apply() -> None:
    """Apply the patches; call once, before the first message."""
    Slot.__copy__ = _copy
    DaskGraphRunner.run = _run
    Domain.from_directory = classmethod(_from_directory)
    RulePolicy._get_possible_keys = _get_possible_keys
    FormAction._create_unique_entity_mappings = _unique_entity_mappings
    Event.resolve_by_type = staticmethod(cache(Event.resolve_by_type))
