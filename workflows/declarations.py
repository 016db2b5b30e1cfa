"""Activities by name and type, without dependencies. ``activities/`` implements them; replayed code calls these."""

from temporalio import activity

from domain.messages import Recorded, Recording


@activity.defn
async def record(recording: Recording) -> Recorded:
    """Writes a batch of events and their consequences, once; answers what stands there if it is something else."""
    raise AssertionError("implemented by activities.record.Recorder")
