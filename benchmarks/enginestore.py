"""What the engine has really done, read from the embedded engine's own file: both sides are counted alike.

A workflow *waits* when the engine's store holds a timer for it. Reading the file costs the engine nothing, whereas
asking it about each of thousands of workflows would be a load of its own.
"""

import sqlite3
from pathlib import Path

_TIMERS = """
    SELECT count(DISTINCT workflow_id) FROM timer_info_maps
    WHERE shard_id = 1 AND namespace_id = (SELECT id FROM namespaces WHERE name = ?)
      AND workflow_id >= ? AND workflow_id <= ?
"""
_CHILDREN = """
    SELECT count(*) FROM current_executions
    WHERE shard_id = 1 AND namespace_id = (SELECT id FROM namespaces WHERE name = ?)
      AND workflow_id >= ? AND workflow_id <= ? AND workflow_id LIKE '%-I'
"""

LAST = "\uffff"
"""Sorts after everything that follows a prefix."""


class EngineStore:
    """The embedded engine's file (one history shard), opened for reading only."""

    def __init__(self, file: Path, namespace: str) -> None:
        self._connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, check_same_thread=False, timeout=5)
        self._namespace = namespace

    def waiting(self, first: str, last: str | None = None) -> int:
        """How many workflows wait on a timer: ids from ``first`` to ``last``, or all that begin with ``first``."""
        return self._count(_TIMERS, first, last)

    def children(self, first: str, last: str) -> int:
        """How many of the workflows with ids in this range have started their child (``…-I``)."""
        return self._count(_CHILDREN, first, last)

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _count(self, query: str, first: str, last: str | None) -> int:
        row = self._connection.execute(query, (self._namespace, first, first + LAST if last is None else last))
        return int(row.fetchone()[0])
