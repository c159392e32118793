"""A PostgreSQL for the benchmark, with its CPU usage."""

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
    """A database for several replicas: its settings and its main process."""

    settings: Mapping[str, str]
    process: int

    def cpu(self) -> float:
        """CPU seconds of all its processes since the start."""
        return family_cpu_seconds(self.process)


@contextmanager
def shared() -> Iterator[Shared]:
    """Run a PostgreSQL during the block."""
    with postgresql() as cluster:
        own = text("SELECT pg_backend_pid()")
        process = Database(cluster.url).run_sync(lambda connection: int(connection.execute(own).scalar_one()))
        yield Shared({DATABASE_URL: cluster.url, SECRET: secrets.token_hex(32)}, parent(process))
