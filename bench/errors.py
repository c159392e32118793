"""What can keep the bench from measuring."""

from advisor.errors import SeatwiseError


class BenchError(SeatwiseError):
    """A measurement could not be taken; the message says which, and why."""
