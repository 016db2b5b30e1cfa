"""Options of activities and names of the engine, by intent."""

from datetime import timedelta
from typing import Any

from temporalio.common import RetryPolicy, SearchAttributeKey

TASK_QUEUE = "bihuan"
"""The queue on which every worker polls."""

COMMAND = "command"
"""Name of the update that carries a command."""

STATE = "state"
"""Name of the query that tells a dossier's plain state."""

WITHDRAW_INTERVIEW = "withdraw_interview"
"""Name of the signal by which an upheld appeal withdraws the interview file."""

KIND = SearchAttributeKey.for_keyword("BihuanKind")
UNIT = SearchAttributeKey.for_keyword("BihuanUnit")
LIGHT = SearchAttributeKey.for_keyword("BihuanLight")
GRID = SearchAttributeKey.for_keyword("BihuanGrid")
DUE = SearchAttributeKey.for_datetime("BihuanDue")

SEARCHED = (KIND, UNIT, LIGHT, GRID, DUE)
"""What the engine must know how to search by before a case can be started."""

RECORD_NEAR: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=5),
    "schedule_to_close_timeout": timedelta(seconds=20),
    "retry_policy": RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_attempts=3),
}
"""A record as a local activity: no round trip through the engine. Three attempts, then it becomes an ordinary one."""

RECORD_FAR: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=30),
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
}
"""A record as an ordinary activity: retried until the database is back, however long that takes."""

HAND_OUT: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=2),
    "schedule_to_close_timeout": timedelta(days=30),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=2), backoff_coefficient=2, maximum_interval=timedelta(hours=1)
    ),
}
"""A call to an outside system: it may be away for days. The watchdog of the step tells people long before it ends."""

REBASE: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=10),
    "heartbeat_timeout": timedelta(seconds=15),
    "retry_policy": RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
}
"""A page of cases to be counted again: each answers within seconds, or is left for another round. A worker that was
killed over it is noticed by its heartbeat."""


def rebase_id(calendar_version: str) -> str:
    """Id of the workflow that carries this calendar into the running cases."""
    return f"rebase-{calendar_version}"
