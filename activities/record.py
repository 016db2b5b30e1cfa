"""The recorder: the only way in which a workflow's decisions reach the database."""

from collections.abc import Callable
from datetime import UTC, datetime

from temporalio import activity

from db.engine import Database
from db.recorder import record
from domain.messages import Recorded, Recording


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


class Recorder:
    """Writes events and their consequences in one transaction. ``clock`` dates ``recorded_at`` only."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    @activity.defn(name="record")
    async def record(self, recording: Recording) -> Recorded:
        """Once per (dossier, sequence). Answers what stands there if it is another event."""
        return await self._database.write(lambda connection: record(connection, recording, self._clock()))
