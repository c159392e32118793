"""A rating can be set, changed and withdrawn, per conversation."""

from __future__ import annotations

from pathlib import Path

from assistant.stores.database import Database
from assistant.stores.ratings import rate, ratings_of
from assistant.stores.schema import upgrade


def test_last_rating_wins(tmp_path: Path) -> None:
    stored = Database(f"sqlite:///{tmp_path / 'seatwise.db'}")
    upgrade(stored)
    given = (("visitor", "m1", "up"), ("visitor", "m1", "down"), ("visitor", "m2", "up"), ("other", "m1", "up"))
    for conversation, message, value in given:
        stored.run_sync(lambda connection, said=(conversation, message, value): rate(connection, *said))
    assert stored.run_sync(lambda connection: ratings_of(connection, "visitor")) == {"m1": "down", "m2": "up"}
    stored.run_sync(lambda connection: rate(connection, "visitor", "m1", None))
    assert stored.run_sync(lambda connection: ratings_of(connection, "visitor")) == {"m2": "up"}
    assert stored.run_sync(lambda connection: ratings_of(connection, "other")) == {"m1": "up"}
