"""Who may import whom: lower layers know nothing of higher ones, and no module imports itself by way of others."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("advisor", "actions", "assistant", "bench")
LAYERS = (
    "assistant.metrics assistant.settings",
    "assistant.stores assistant.nlu",  # parsing notes on the turn what it cost; masking knows common words
    "assistant.action_runner",
    "assistant.turns",
    "assistant.server",
    "assistant.channels",
    "assistant.launcher assistant.operators assistant.__main__",
)
"""From the bottom up; a module imports only of its own layer and of those above it in this list."""
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports when it is loaded, with the members of packages that are modules."""
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
    """The nodes that run at import, without the bodies of functions."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node
            yield from module_level(node)


GRAPH = {name: {one for one in imported(path) if one in MODULES} for name, path in MODULES.items()}


def layer_of(module: str) -> int | None:
    """The number of the layer of a module of the assistant."""
    for number, layer in enumerate(LAYERS):
        if any(module == one or module.startswith(f"{one}.") for one in layer.split()):
            return number
    return None


def test_no_module_imports_itself_by_way_of_others() -> None:
    try:
        list(TopologicalSorter(GRAPH).static_order())
    except CycleError as error:
        pytest.fail(f"circle of imports: {' -> '.join(error.args[1])}")


def test_every_module_of_the_assistant_that_imports_others_has_a_layer() -> None:
    without = [name for name in MODULES if name.startswith("assistant.") and layer_of(name) is None]
    assert without == [
        "assistant.processes",
        "assistant.rasa_patches",
        "assistant.training",
    ]  # they import nothing of ours


@pytest.mark.parametrize("name", [name for name in MODULES if layer_of(name) is not None])
def test_a_module_imports_nothing_of_a_higher_layer(name: str) -> None:
    layers = {one: layer_of(one) for one in GRAPH[name]}
    own = layer_of(name)
    assert [one for one, layer in layers.items() if layer is not None and own is not None and layer > own] == []


@pytest.mark.parametrize("name", [name for name in MODULES if name.split(".")[0] in ("actions", "advisor")])
def test_actions_and_advisor_know_neither_channels_nor_the_server(name: str) -> None:
    assert [one for one in GRAPH[name] if one.startswith(("assistant.channels", "assistant.server"))] == []


@pytest.mark.parametrize("name", list(MODULES))
def test_no_package_imports_tests(name: str) -> None:
    assert [one for one in imported(MODULES[name]) if one.split(".")[0] == "tests"] == []


def test_the_walk_finds_imports_of_members_and_relative_ones() -> None:
    assert {"assistant.stores.inbox", "assistant.turns.buttons"} <= GRAPH["assistant.turns.dispatcher"]
    assert "assistant.nlu.company_facts.clause_splitter" in GRAPH["assistant.nlu.company_facts.clauses"]
