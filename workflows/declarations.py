"""Activities by name and type, without dependencies. ``activities/`` implements them; replayed code calls these."""

from temporalio import activity

from domain.messages import HandoffOrder, HandoffState, Rebasing, Recorded, Recording, Visited


@activity.defn
async def record(recording: Recording) -> Recorded:
    """Writes a batch of events and their consequences, once; answers what stands there if it is something else."""
    raise AssertionError("implemented by activities.record.Recorder")


@activity.defn
async def hand_out(order: HandoffOrder) -> HandoffState:
    """Hands an outside step out by its connector, and confirms it; delivers the answer that came at once."""
    raise AssertionError("implemented by activities.handoff.Handoffs")


@activity.defn
async def ask_outside(order: HandoffOrder, reference: str) -> HandoffState:
    """Asks the other side for its answer, and delivers it when there is one."""
    raise AssertionError("implemented by activities.handoff.Handoffs")


@activity.defn
async def rebase_page(rebasing: Rebasing) -> Visited:
    """Visits the next running cases and counts their deadlines again under the calendar that is loaded."""
    raise AssertionError("implemented by activities.rebase.Rebaser")
