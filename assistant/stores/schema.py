"""Brings the tables of the database to what this version of the program wants."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from advisor.errors import SeatwiseError
from assistant.settings import DATABASE_URL
from assistant.stores.database import Database

_MIGRATIONS = Path(__file__).with_name("migrations")
_ONE_AT_A_TIME = 7_327_928  # the number of the lock under which replicas that start together migrate


def upgrade(database: Database, to: str = "head") -> None:
    """Take every step that the database has not taken yet.

    Args:
        database: the database.
        to: the last step to take.

    Raises:
        SeatwiseError: it cannot be reached or does not let us.
    """
    try:
        database.without_timeout(lambda connection: _upgrade(connection, to))
    except (SQLAlchemyError, OSError, CommandError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise SeatwiseError(f"the database of {DATABASE_URL} cannot be used: {reason}") from error


def _upgrade(connection: Connection, to: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_AT_A_TIME})
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
