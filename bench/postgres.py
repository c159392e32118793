"""A PostgreSQL of the bench's own, with the CPU that it takes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import text

from assistant.settings import DATABASE_URL, SECRET
from assistant.stores.database import Database
from bench.cluster import postgresql
from bench.usage import family_cpu_seconds, parent


@dataclass(frozen=True)
class Shared:
    """A database that several replicas can share: the settings that lead there, and the process that runs it."""

    settings: Mapping[str, str]
    process: int

    def cpu(self) -> float:
        """CPU seconds since its start, of all its processes."""
        return family_cpu_seconds(self.process)


@contextmanager
def shared() -> Iterator[Shared]:
    """A PostgreSQL for as long as the block runs."""
    with postgresql() as cluster:
        own = text("SELECT pg_backend_pid()")
        process = Database(cluster.url).run_sync(lambda connection: int(connection.execute(own).scalar_one()))
        yield Shared({DATABASE_URL: cluster.url, SECRET: secrets.token_hex(32)}, parent(process))
