"""Reduced ordered decision diagrams: a function of a few variables as a graph in which equal parts are shared.

A diagram is an inner node (a level and one child for each value of its variable) or a leaf (a result). Diagrams of one
``Diagrams`` are equal exactly if their numbers are, and a function depends on a variable exactly if its diagram has a
node of that level. So "can this answer still change anything?" is a look at the graph, and not a search.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

Diagram = int
"""The number of a node."""
State = tuple[int, ...]
"""The value of each variable, by its index."""

_LEAF = 1 << 30  # below every level


class Diagrams:
    """Makes diagrams over the same variables and keeps their nodes.

    Args:
        sizes: how many values each variable has; a variable's place is its level.
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self._sizes = tuple(sizes)
        self._nodes: list[tuple[int, tuple[Diagram, ...]]] = []
        self._results: dict[Diagram, Hashable] = {}
        self._numbers: dict[Hashable, Diagram] = {}
        self._chosen: dict[tuple[Diagram, Diagram, Diagram], Diagram] = {}
        self._lock = Lock()
        self.true, self.false = self.leaf(True), self.leaf(False)

    def leaf(self, result: Hashable) -> Diagram:
        """The function that always has this result."""
        key = (_LEAF, type(result), result)
        if key not in self._numbers:
            self._numbers[key] = len(self._nodes)
            self._results[len(self._nodes)] = result
            self._nodes.append((_LEAF, ()))
        return self._numbers[key]

    def test(self, level: int, values: Collection[int]) -> Diagram:
        """Whether a variable has one of some values."""
        return self._node(level, tuple(self.true if one in values else self.false for one in range(self._sizes[level])))

    def choose(self, condition: Diagram, then: Diagram, otherwise: Diagram) -> Diagram:
        """``then`` where the condition holds, and ``otherwise`` where it does not."""
        if condition == self.true or then == otherwise:
            return then
        if condition == self.false:
            return otherwise
        key = (condition, then, otherwise)
        if key not in self._chosen:
            level = min(self._nodes[one][0] for one in key)
            children = zip(*(self._children(one, level) for one in key), strict=True)
            self._chosen[key] = self._node(level, tuple(self.choose(*child) for child in children))
        return self._chosen[key]

    def both(self, one: Diagram, other: Diagram) -> Diagram:
        """Whether both hold."""
        return self.choose(one, other, self.false)

    def either(self, one: Diagram, other: Diagram) -> Diagram:
        """Whether one of them holds."""
        return self.choose(one, self.true, other)

    def negation(self, one: Diagram) -> Diagram:
        """Whether it does not hold."""
        return self.choose(one, self.false, self.true)

    def combine(self, one: Diagram, other: Diagram, function: Callable[[Any, Any], Hashable]) -> Diagram:
        """A function of the results of two diagrams."""
        made: dict[tuple[Diagram, Diagram], Diagram] = {}

        def combined(pair: tuple[Diagram, Diagram]) -> Diagram:
            if pair not in made:
                level = min(self._nodes[one][0] for one in pair)
                if level == _LEAF:
                    made[pair] = self.leaf(function(self._results[pair[0]], self._results[pair[1]]))
                else:
                    children = zip(*(self._children(one, level) for one in pair), strict=True)
                    made[pair] = self._node(level, tuple(combined(child) for child in children))
            return made[pair]

        return combined((one, other))

    def restrict(self, diagram: Diagram, values: Mapping[int, int]) -> Diagram:
        """What is left of a function when some variables are known: level -> index of the value."""
        made: dict[Diagram, Diagram] = {}

        def restricted(one: Diagram) -> Diagram:
            if one not in made:
                level, children = self._nodes[one]
                if level == _LEAF:
                    made[one] = one
                elif level in values:
                    made[one] = restricted(children[values[level]])
                else:
                    made[one] = self._node(level, tuple(map(restricted, children)))
            return made[one]

        return restricted(diagram)

    @contextmanager
    def scratch(self) -> Iterator[None]:
        """Forget every diagram that is made within, so that questions about single companies leave no nodes behind."""
        with self._lock:
            kept = [(table, len(table)) for table in (self._numbers, self._results, self._chosen)]
            nodes = len(self._nodes)
            try:
                yield
            finally:
                del self._nodes[nodes:]
                for table, size in kept:
                    while len(table) > size:
                        table.popitem()

    def levels(self, diagram: Diagram) -> set[int]:
        """The variables that the result depends on."""
        seen: set[Diagram] = set()
        left, found = [diagram], set()
        while left:
            one = left.pop()
            level, children = self._nodes[one]
            if one not in seen and level != _LEAF:
                seen.add(one)
                found.add(level)
                left.extend(children)
        return found

    def result(self, diagram: Diagram, state: Sequence[int]) -> Hashable:
        """The result where every variable is known."""
        nodes = self._nodes
        level, children = nodes[diagram]
        while level != _LEAF:
            diagram = children[state[level]]
            level, children = nodes[diagram]
        return self._results[diagram]

    def path(self, diagram: Diagram, state: Sequence[int]) -> Iterator[int]:
        """The variables that are looked at on the way to the result."""
        level, children = self._nodes[diagram]
        while level != _LEAF:
            yield level
            level, children = self._nodes[children[state[level]]]

    def _node(self, level: int, children: tuple[Diagram, ...]) -> Diagram:
        if all(child == children[0] for child in children):
            return children[0]
        key = (level, children)
        if key not in self._numbers:
            self._numbers[key] = len(self._nodes)
            self._nodes.append(key)
        return self._numbers[key]

    def _children(self, diagram: Diagram, level: int) -> tuple[Diagram, ...]:
        """One child for each value of a variable; a diagram that does not depend on it is its own child."""
        own, children = self._nodes[diagram]
        return children if own == level else (diagram,) * self._sizes[level]
