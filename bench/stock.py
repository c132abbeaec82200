"""The baseline: the library's own PostgreSQL recorder, one event in each transaction, no rules and no balances."""

import time
from collections.abc import Callable
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from bench.callers import Figures, figures, together

STATE = b"x" * 950
"""As long as a movement is on average."""


def stock_recorder(dsn: str, threads: int, seconds: float) -> Figures:
    """As many threads as named, each recording in a stream of its own."""
    where = conninfo_to_dict(dsn)
    datastore = PostgresDatastore(
        where["dbname"], where["host"], where["port"], where["user"], "trusted", pool_size=threads, max_overflow=2
    )
    try:
        recorder = PostgresApplicationRecorder(datastore, events_table_name=f"stock_{threads}_events")
        recorder.create_table()
        return figures(together([_stream(recorder) for _ in range(threads)], seconds), seconds)
    finally:
        datastore.close()


def _stream(recorder: PostgresApplicationRecorder) -> Callable[[float], list[float]]:
    def work(until: float) -> list[float]:
        waits, stream = [], uuid4()
        while (began := time.perf_counter()) < until:
            recorder.insert_events([StoredEvent(stream, len(waits) + 1, "bench:Moved", STATE)])
            waits.append(time.perf_counter() - began)
        return waits

    return work
