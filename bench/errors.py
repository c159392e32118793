"""Errors of the benchmark."""

from advisor.errors import SeatwiseError


class BenchError(SeatwiseError):
    """A measurement failed; the message says which one and why."""
