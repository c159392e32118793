"""Removes what deleted rows leave behind in the files of the database.

SQLite overwrites deleted rows (``secure_delete``), but its write-ahead log has them until it is cut. PostgreSQL leaves
them in its files until a table is written anew: VACUUM only gives their space free. Its own write-ahead log is not ours
to cut; docs/deploying.md says what that means.
"""

from __future__ import annotations

import logging

from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from assistant.stores.database import Database
from assistant.stores.privacy import TABLES

_TRIES = 3
_WAIT = 1000  # milliseconds for others, of each try; visitors' messages wait with us
_LARGEST = 64 * 1024 * 1024  # bytes of a table that can be written anew while visitors wait

_log = logging.getLogger(__name__)


def scrub(database: Database) -> bool:
    """Remove what deleted rows left; False where somebody is in the way, and it has to be tried again."""
    with database.outside_transactions() as connection:
        return _cut_log(connection) if database.kind == "sqlite" else _write_anew(connection)


def _cut_log(connection: Connection) -> bool:
    """Move all of the write-ahead log into the database and leave it empty; who reads from it is in the way."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAIT}")
    return any(not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] for _ in range(_TRIES))


def _write_anew(connection: Connection) -> bool:
    connection.exec_driver_sql(f"SET lock_timeout = {_WAIT}")
    done = True
    for table in TABLES.values():
        size = connection.exec_driver_sql(f"SELECT pg_total_relation_size('{table.name}')").scalar()
        full = size <= _LARGEST
        try:
            connection.exec_driver_sql(f"VACUUM {'FULL ' if full else ''}{table.name}")
        except OperationalError:  # somebody holds it, such as a backup that is being made
            done = False
        if not full:
            _log.warning(
                "%s has %d MB: what was erased stays in its free space until that is written over, or VACUUM FULL",
                table.name,
                size // 2**20,
            )
    return done
