"""``launch rebase``: carries the calendar of the rulebook in force into the running cases, and waits for the end."""

from collections.abc import Callable

from temporalio.service import RPCError

from api.desk import Desk, EngineAway, OutcomeUnknown, lazy_client
from api.in_force import InForce
from api.rebase import Rebase
from db.engine import Database, StoreUnavailable
from domain.messages import Rebasing
from launch.lock import CannotStart
from rulebook.load import RulebookInvalid, open_rulebook
from settings import PREFIX, Settings
from workflows.options import rebase_id


async def rebase(settings: Settings, *, say: Callable[[str], None]) -> int:
    """How many cases are left without an answer. Raises CannotStart: rulebook wrong, engine or database away."""
    try:
        opened = open_rulebook(settings.rulebook)
    except RulebookInvalid as error:
        raise CannotStart(f"The rulebook cannot be used (it is set by {PREFIX}RULEBOOK):\n{error}") from error
    database = Database(settings.database_url)
    try:
        in_force = InForce(database, opened)
        await in_force.refresh()
        calendar, client = in_force.rulebook().calendar, await lazy_client(settings)
        await Rebase(database, Desk(client, database), lambda: calendar).begin(anew=True)
        say(f"calendar {calendar.version}: {rebase_id(calendar.version)} waits for a worker to carry it out …")
        done = await client.get_workflow_handle(rebase_id(calendar.version), result_type=Rebasing).result()
        say(f"{done.visited} cases visited, {done.moved} counted again, {done.left} left without an answer")
        return int(done.left)
    except StoreUnavailable as error:
        raise CannotStart(f"The database cannot be used: {error}. It is set by {PREFIX}DATABASE_URL.") from error
    except (RPCError, RuntimeError, EngineAway, OutcomeUnknown) as error:
        raise CannotStart(f"The engine at {settings.engine_address} cannot be used: {error}") from error
    finally:
        await database.aclose()
