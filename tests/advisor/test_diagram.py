"""Decision diagrams against functions evaluated value by value."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from threading import Thread

import pytest

from advisor.company import read_company
from advisor.compiled import compiled
from advisor.diagram import Diagram, Diagrams, State
from advisor.interview import _open_questions, open_questions
from tests.advisor import reference

SIZES = (2, 3, 2, 4)


def states() -> Iterator[State]:
    return product(*(range(size) for size in SIZES))


def some_diagram(diagrams: Diagrams, chance: random.Random, depth: int = 3) -> Diagram:
    """A random combination of tests of the variables."""
    level = chance.randrange(len(SIZES))
    test = diagrams.test(level, [one for one in range(SIZES[level]) if chance.random() < 0.5])
    if not depth:
        return test
    return diagrams.choose(test, *(some_diagram(diagrams, chance, depth - 1) for _ in range(2)))


@pytest.mark.parametrize("seed", range(20))
def test_combined_diagrams_combine_the_results(seed: int) -> None:
    diagrams, chance = Diagrams(SIZES), random.Random(seed)
    one, other = (some_diagram(diagrams, chance) for _ in range(2))
    both, either = diagrams.both(one, other), diagrams.either(one, other)
    pair = diagrams.combine(one, other, lambda first, second: (first, second))
    for state in states():
        first, second = diagrams.result(one, state), diagrams.result(other, state)
        assert diagrams.result(both, state) == (first and second)
        assert diagrams.result(either, state) == (first or second)
        assert diagrams.result(diagrams.negation(one), state) == (not first)
        assert diagrams.result(pair, state) == (first, second)


@pytest.mark.parametrize("seed", range(20))
def test_diagram_depends_on_exactly_the_variables_that_matter(seed: int) -> None:
    diagrams, chance = Diagrams(SIZES), random.Random(seed)
    diagram = some_diagram(diagrams, chance)
    for level, size in enumerate(SIZES):
        matters = any(
            diagrams.result(diagram, state) != diagrams.result(diagram, (*state[:level], value, *state[level + 1 :]))
            for state in states()
            for value in range(size)
        )
        assert (level in diagrams.levels(diagram)) == matters


@pytest.mark.parametrize("seed", range(20))
def test_restricted_diagram_equals_the_function_with_a_fixed_value(seed: int) -> None:
    diagrams, chance = Diagrams(SIZES), random.Random(seed)
    diagram = some_diagram(diagrams, chance)
    level = chance.randrange(len(SIZES))
    for value in range(SIZES[level]):
        restricted = diagrams.restrict(diagram, {level: value})
        assert level not in diagrams.levels(restricted)
        for state in states():
            fixed = (*state[:level], value, *state[level + 1 :])
            assert diagrams.result(restricted, state) == diagrams.result(diagram, fixed)


def test_equal_functions_are_the_same_diagram() -> None:
    diagrams = Diagrams(SIZES)
    one, other = diagrams.test(0, [1]), diagrams.test(1, [2])
    assert diagrams.both(one, other) == diagrams.both(other, one)
    assert diagrams.negation(diagrams.negation(one)) == one
    assert diagrams.either(one, diagrams.negation(one)) == diagrams.true


def test_open_questions_leave_no_nodes_behind_across_threads() -> None:
    nodes = len(compiled().diagrams._nodes)
    chance = random.Random(1)
    companies = [read_company(reference.some_company(chance, chance.choice((0.2, 0.5)))) for _ in range(200)]
    wanted = [list(open_questions(company, company)) for company in companies]
    _open_questions.cache_clear()
    found: list[list[object]] = []
    ask = [lambda: found.append([list(open_questions(company, company)) for company in companies])] * 4
    threads = [Thread(target=one) for one in ask]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 4
    assert len(compiled().diagrams._nodes) == nodes
