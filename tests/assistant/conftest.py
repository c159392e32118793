"""A PostgreSQL server for the tests of a module that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from bench.cluster import Cluster, postgresql


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server of the module's own, with our tables."""
    with postgresql() as started:
        upgrade(Database(started.url))
        yield started


@pytest.fixture(scope="module")
def postgresql_url(cluster: Cluster) -> str:
    return cluster.url
