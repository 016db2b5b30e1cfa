"""Wait until an instant or a change. The only place that names a timeout: nothing polls."""

from collections.abc import Callable
from datetime import datetime

from temporalio import workflow


async def changed_before(at: datetime | None, changed: Callable[[], bool]) -> bool:
    """Whether ``changed`` became true before ``at`` (None: waits for the change alone). Arms one durable timer."""
    if at is None:
        await workflow.wait_condition(changed)
        return True
    left = at - workflow.now()
    if left.total_seconds() <= 0:
        return False
    try:
        await workflow.wait_condition(changed, timeout=left, timeout_summary=f"due {at.isoformat()}")
    except TimeoutError:
        return False
    return True
