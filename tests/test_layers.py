"""Import rules: lower layers do not import higher ones, and there are no import cycles."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("advisor", "actions", "assistant", "console", "bench")
LAYERS = (
    "assistant.metrics assistant.settings",
    "assistant.pages",
    # Parsing records its cost on the turn; masking uses the lexicon and known names; contacts use plain letters.
    "assistant.stores assistant.nlu assistant.contacts",
    "assistant.action_runner",
    "assistant.turns assistant.booking",
    "assistant.dossier assistant.briefing",
    "assistant.delivery",
    "assistant.server console",
    "assistant.channels",
    "assistant.launcher assistant.operators assistant.__main__",
)
"""From the bottom up; a module imports only from its own layer and those listed before it."""
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports on load, including submodules imported from packages."""
    here = path.relative_to(ROOT).parent.parts
    for node in module_level(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = here[: len(here) - node.level + 1] if node.level else ()
            module = ".".join([*package, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def module_level(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes executed on import, without function bodies."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node
            yield from module_level(node)


GRAPH = {name: {one for one in imported(path) if one in MODULES} for name, path in MODULES.items()}


def layer_of(module: str) -> int | None:
    """The layer number of a module of the assistant or the console."""
    for number, layer in enumerate(LAYERS):
        if any(module == one or module.startswith(f"{one}.") for one in layer.split()):
            return number
    return None


def test_no_import_cycles() -> None:
    try:
        list(TopologicalSorter(GRAPH).static_order())
    except CycleError as error:
        pytest.fail(f"import cycle: {' -> '.join(error.args[1])}")


def test_every_assistant_module_has_a_layer() -> None:
    without = [name for name in MODULES if name.startswith("assistant.") and layer_of(name) is None]
    assert without == [
        "assistant.processes",
        "assistant.rasa_patches",
        "assistant.training",
    ]  # they import none of our modules


@pytest.mark.parametrize("name", [name for name in MODULES if layer_of(name) is not None])
def test_modules_do_not_import_higher_layers(name: str) -> None:
    layers = {one: layer_of(one) for one in GRAPH[name]}
    own = layer_of(name)
    assert [one for one, layer in layers.items() if layer is not None and own is not None and layer > own] == []


@pytest.mark.parametrize("name", [name for name in MODULES if name.split(".")[0] in ("actions", "advisor")])
def test_actions_and_advisor_import_no_channels_or_server(name: str) -> None:
    assert [one for one in GRAPH[name] if one.startswith(("assistant.channels", "assistant.server"))] == []


@pytest.mark.parametrize("name", list(MODULES))
def test_packages_do_not_import_tests(name: str) -> None:
    assert [one for one in imported(MODULES[name]) if one.split(".")[0] == "tests"] == []


def test_member_and_relative_imports_are_found() -> None:
    assert {"assistant.stores.inbox", "assistant.turns.intake"} <= GRAPH["assistant.turns.dispatcher"]
    assert "assistant.nlu.company_facts.parser" in GRAPH["assistant.nlu.company_facts.clauses"]
