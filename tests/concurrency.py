"""Two people at once: real threads, each with its own connection to the database.

For tests marked ``django_db(transaction=True)``.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, connections

PATIENCE = 20  # seconds before a test that hangs is given up


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """What each action returned or raised, all of them begun at the same moment."""
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            return action()
        except Exception as problem:
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions, timeout=PATIENCE))


class Elsewhere:
    """Something done on another connection; ``with Elsewhere(action) as other: …`` begins it.

    ``other.waits()`` returns once it waits for a lock that this connection holds; ``other.outcome()`` waits for the end
    and returns what it returned or raised.
    """

    def __init__(self, action: Callable[[], Any]) -> None:
        self._action = action
        self._pool = ThreadPoolExecutor(1)
        self._known = threading.Event()

    def __enter__(self) -> "Elsewhere":
        self._future = self._pool.submit(self._run)
        assert self._known.wait(PATIENCE)
        return self

    def __exit__(self, *problem: Any) -> None:
        self._pool.shutdown(wait=False)

    def _run(self) -> Any:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self._process = cursor.fetchone()[0]
            self._known.set()
            return self._action()
        except Exception as problem:
            return problem
        finally:
            connections.close_all()

    def waits(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self._process])
                if cursor.fetchone()[0]:
                    return
            assert not self._future.done(), f"did not wait for this connection: {self._future.result()!r}"
            time.sleep(0.01)
        raise AssertionError("did not come to wait for this connection")

    def outcome(self) -> Any:
        return self._future.result(PATIENCE)
