"""The one database: SQLite for one machine, PostgreSQL for several replicas.

SQL runs in its own threads, so that a slow or frozen database never blocks the event loop, and each piece of work is
one transaction with a time limit.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from assistant.settings import settings

_TIMEOUT = 10.0  # seconds for one piece of work, including the wait for a connection
_THREADS = 8
_MOST_LOCKS = 40  # conversations at work at once, each with its own connection
_WAIT_FOR_LOCK = 60.0  # seconds: many turns of the same conversation may be queued before this one

_Result = TypeVar("_Result")


class StoreUnavailable(BaseException):
    """The database does not answer, or rejects the work; the turn that needed it must fail.

    Not an ``Exception``, because Rasa handles those by continuing with an empty conversation in memory: the visitor
    would get an answer that is never stored.
    """


class Unstorable(StoreUnavailable):
    """The database rejects a value, and would reject it again."""


class Database:
    """A database and the threads that talk to it.

    Args:
        url: where it is, as SQLAlchemy writes it: of SQLite or PostgreSQL.
    """

    def __init__(self, url: str) -> None:
        self.kind: str = make_url(url).get_backend_name()
        self.url = url
        self.on_erasure: list[Callable[[str], Awaitable[None]]] = []
        """Called with each conversation that this process has erased."""
        self._engine = _sqlite(url) if self.kind == "sqlite" else _postgresql(url, _TIMEOUT - 2, _THREADS)
        self._locks = None if self.kind == "sqlite" else _postgresql(url, _WAIT_FOR_LOCK, _MOST_LOCKS)
        self._threads = ThreadPoolExecutor(1 if self.kind == "sqlite" else _THREADS, "database")
        self._lock_threads = ThreadPoolExecutor(_MOST_LOCKS, "lock")
        # Waiters queue on this semaphore, not in threads; otherwise they would starve unlocks.
        self._lock_slots = asyncio.Semaphore(_MOST_LOCKS)

    async def run(self, work: Callable[[Connection], _Result]) -> _Result:
        """Do some work in one transaction.

        Raises:
            StoreUnavailable: it failed, or took too long; then it may still come about later.
        """
        return await _within(_TIMEOUT, self._threads.submit(self.run_sync, work))

    def run_sync(self, work: Callable[[Connection], _Result]) -> _Result:
        """The same for callers outside of the event loop; database errors are not translated."""
        with self._engine.begin() as connection:
            return work(connection)

    def without_timeout(self, work: Callable[[Connection], _Result]) -> _Result:
        """The same as ``run_sync`` without a time limit, for operators: no visitor waits for it."""

        def unhurried(connection: Connection) -> _Result:
            if self.kind == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            return work(connection)

        return self.run_sync(unhurried)

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        """An autocommit connection without time limit, for maintenance; it is closed afterwards."""
        with self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            try:
                if self.kind == "postgresql":
                    connection.execute(text("SET statement_timeout = 0"))
                yield connection
            finally:
                connection.invalidate()

    @asynccontextmanager
    async def lock(self, conversation: str) -> AsyncIterator[None]:
        """Keep other replicas from this conversation; the lock of a killed replica falls with its connection."""
        if self._locks is None:  # a single process, which has its own locks
            yield
            return
        engine = self._locks
        name = {"name": conversation}
        async with self._lock_slots:
            taking = self._lock_threads.submit(_locked, engine, name)
            try:
                connection = await _within(_WAIT_FOR_LOCK, taking)
            except BaseException:  # the lock may still be granted later, and nobody would release it
                taking.add_done_callback(lambda taken: _unlock_late(taken, name))
                raise
            try:
                yield
            finally:
                self._threads.submit(_unlock, connection, name)


@cache
def database() -> Database:
    """The database of this process."""
    return Database(settings().database_url)


def _sqlite(url: str) -> Any:
    """A single writer at a time; readers do not wait."""
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (
            Path(file),
            *Path(file).parent.glob(f"{Path(file).name}-*"),
        ):  # SQLite's own files follow the first
            path.touch(mode=0o600)
            path.chmod(0o600)  # an earlier version left them readable by everybody
    kept_open = {"poolclass": QueuePool, "pool_size": 1}
    waiting = {"timeout": _TIMEOUT - 1, "check_same_thread": False}
    engine = create_engine(url, future=True, hide_parameters=True, connect_args=waiting, **kept_open)

    @event.listens_for(engine, "connect")  # type: ignore[untyped-decorator]
    def prepare(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # an answer is sent only when it is on the disk
        connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten

    return engine


def _postgresql(url: str, seconds: float, connections: int) -> Any:
    """Connections that cancel a statement after so many seconds."""
    limits = {
        "connect_timeout": 3,
        "options": f"-c statement_timeout={int(seconds * 1000)}",
        "keepalives_idle": 5,
        "tcp_user_timeout": int(_TIMEOUT * 1000),
    }
    return create_engine(
        url,
        future=True,
        hide_parameters=True,  # a database error must not put a visitor's words into the log
        pool_pre_ping=True,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=seconds,
        connect_args=limits,
    )


async def _within(seconds: float, running: Future[_Result]) -> _Result:
    """The result of some work.

    ``asyncio.wait_for`` of Python 3.10 would lose a cancellation that arrives together with the result, and whoever
    awaits the canceled task would wait forever.

    Raises:
        Unstorable: the database rejected a value.
        StoreUnavailable: the database failed, or took too long.
    """
    result = asyncio.wrap_future(running)
    try:
        await asyncio.wait({result}, timeout=seconds)
    finally:
        if not result.done():
            result.cancel()  # work that has not started will not; work that has may still complete
    if result.cancelled():
        raise StoreUnavailable(f"the database took longer than {seconds:.0f} seconds")
    try:
        return result.result()
    except (DataError, ValueError) as error:  # psycopg2 raises ValueError for a NUL in a text
        raise Unstorable(f"the database refused: {type(error).__name__}") from error
    except (SQLAlchemyError, OSError) as error:
        raise StoreUnavailable(f"the database refused: {type(error).__name__}") from error


def _locked(engine: Any, name: dict[str, str]) -> Connection:
    connection: Connection = engine.execution_options(isolation_level="AUTOCOMMIT").connect()
    try:
        connection.execute(text("SELECT pg_advisory_lock(hashtextextended(:name, 0))"), name)
    except BaseException:
        connection.close()
        raise
    return connection


def _unlock(connection: Connection, name: dict[str, str]) -> None:
    try:
        connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))"), name)
    except SQLAlchemyError:
        connection.invalidate()  # the lock is gone with the connection
    finally:
        connection.close()


def _unlock_late(taken: Future[Connection], name: dict[str, str]) -> None:
    if not taken.cancelled() and taken.exception() is None:
        _unlock(taken.result(), name)
