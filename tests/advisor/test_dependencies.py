"""The advisor does not depend on the assistant: it imports neither Rasa nor anything that does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "advisor").rglob("*.py"))
FORBIDDEN = {"rasa", "rasa_sdk", "actions", "assistant"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The top-level packages that a module imports, by statement or by a call with a literal name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "advisor" if node.level else str(node.module).partition(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from (str(one.value).partition(".")[0] for one in node.args[:1] if isinstance(one, ast.Constant))


def test_advisor_modules_are_found() -> None:
    assert {"company.py", "framework.py", "decision.py", "whatif.py", "advice.py"} <= {path.name for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_advisor_does_not_import_rasa_or_the_assistant(path: Path) -> None:
    assert FORBIDDEN.isdisjoint(imported(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize(
    "line",
    [
        *("import rasa.core", "from rasa_sdk import Action", "from actions.advice import x", "import assistant as a"),
        *("def f():\n    import rasa", "importlib.import_module('rasa.shared')", "__import__('assistant')"),
    ],
)
def test_forbidden_import_is_detected_in_every_form(line: str) -> None:
    assert not FORBIDDEN.isdisjoint(imported(ast.parse(line)))


def test_reference_imports_nothing_from_advisor() -> None:
    reference = ROOT / "tests" / "advisor" / "reference.py"
    assert "advisor" not in set(imported(ast.parse(reference.read_text(encoding="utf-8"))))
