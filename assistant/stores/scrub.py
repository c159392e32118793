"""Removes the traces of deleted rows from the files of the database.

SQLite overwrites deleted rows (``secure_delete``), but they remain in its write-ahead log until that is truncated.
PostgreSQL leaves them in its files until the table is rewritten: VACUUM only marks the space as free. An application
cannot truncate PostgreSQL's write-ahead log; docs/deploying.md says what that means.
"""

from __future__ import annotations

import logging

from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from assistant.stores.database import Database
from assistant.stores.privacy import TABLES

_TRIES = 3
_WAIT = 1000  # milliseconds that each try waits for locks; visitors' messages wait behind it
_LARGEST = 64 * 1024 * 1024  # bytes of a table that may be rewritten while visitors wait

_log = logging.getLogger(__name__)


def scrub(database: Database) -> bool:
    """Remove the traces of deleted rows. Returns False if a reader or a lock prevented it: try again later."""
    with database.outside_transactions() as connection:
        return _truncate_log(connection) if database.kind == "sqlite" else _rewrite_tables(connection)


def _truncate_log(connection: Connection) -> bool:
    """Copy the write-ahead log into the database and empty it, unless a reader still needs it."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAIT}")
    return any(not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] for _ in range(_TRIES))


def _rewrite_tables(connection: Connection) -> bool:
    connection.exec_driver_sql(f"SET lock_timeout = {_WAIT}")
    done = True
    for table in TABLES.values():
        size = connection.exec_driver_sql(f"SELECT pg_total_relation_size('{table.name}')").scalar()
        full = size <= _LARGEST
        try:
            connection.exec_driver_sql(f"VACUUM {'FULL ' if full else ''}{table.name}")
        except OperationalError:  # locked, for example by a running backup
            done = False
        if not full:
            _log.warning(
                "%s has %d MB: erased content stays in its free space until that is reused, or until VACUUM FULL",
                table.name,
                size // 2**20,
            )
    return done
