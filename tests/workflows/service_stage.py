"""Service requests on the stage: an item with five steps, elapsed limits only, commands resolved as the API does it.

Elapsed limits: on whatever weekday a scenario is played, everything falls due in the same order.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from temporalio import activity

from activities.connectors import Answered, Handoff
from activities.handoff import Handoffs
from activities.loopback import NAME, Loopback
from domain.limits import Limit
from domain.messages import Command, Opening
from domain.plain import of_plain, to_plain
from domain.service import promising, resolving
from domain.service.flow import PASSED, Flow, Step
from domain.service.materials import Materials
from domain.service.opening import open_request
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind, DossierKind, Role, StepKind
from tests.unit.rulebooks import shipped
from tests.unit.service_world import resolved
from tests.workflows.stage import HOUR, Person, Stage
from workflows import options
from workflows.service_request import ServiceRequestWorkflow

NUMBER = "BJ261123-0000001"

CLERK = Person("clerk", "desk", (Role.INTAKE_CLERK,))
CIVIL = Person("civil-handler", "civil", (Role.HANDLER,))
VILLAGE = Person("village-handler", "village", (Role.HANDLER,))
POLICE = Person("police-handler", "police", (Role.HANDLER,))
HOLDERS = {"check": CIVIL, "survey": VILLAGE, "police": POLICE, "issue": CIVIL, "county": CLERK}


def _limit(text: str) -> Limit:
    return Limit.parse(text)


_SHIPPED = shipped().rulebook
_CLOCKS = replace(
    _SHIPPED.services.clocks,
    acknowledgement=_limit("30 minutes"),
    extension_lead=_limit("24 hours"),
    extension_reminder=_limit("12 hours"),
    yellow_lead=_limit("24 hours"),
    appeal=_limit("120 hours"),
    convene=_limit("120 hours"),
    answer=_limit("168 hours"),
)
RULES = replace(
    _SHIPPED,
    services=replace(
        _SHIPPED.services,
        clocks=_CLOCKS,
        acknowledgement_in_office_hours=False,
        materials_window=_limit("240 hours"),
        handoff_within=_limit("4 hours"),
        chase=72 * HOUR,
    ),
)
"""The shipped rulebook with services that know no calendar."""

CHECK = Step(key="check", unit="civil", limit="72 hours")
SURVEY = Step(key="survey", unit="village", limit="120 hours", after=("check",))
BACKGROUND = Step(key="police", unit="police", limit="48 hours", after=("check",))
COUNTY = Step(
    key="county",
    kind=StepKind.OUTSIDE,
    unit="county-office",
    reference_min="72 hours",
    reference_max="120 hours",
    after=("survey", "police"),
)
ISSUE = Step(key="issue", unit="civil", limit="24 hours", after=("county",))
FIVE = Flow(steps=(CHECK, SURVEY, BACKGROUND, COUNTY, ISSUE))
SHORT = Flow(steps=(CHECK, replace(ISSUE, after=("check",))))
CONNECTED = Flow(steps=(replace(COUNTY, after=(), connector=NAME), ISSUE))
COMPLETE = Materials(needed=("id", "form"), optional=("letter",), given=("id", "form"))


@dataclass
class Counter:
    """The desk and the units of one request."""

    stage: Stage

    async def open(self, flow: Flow = FIVE, materials: Materials = COMPLETE) -> None:
        """Accepts a request as the front desk does, and starts its workflow."""
        bare = ServiceRequest(
            number=NUMBER,
            item="subsistence",
            catalogue_version="2026",
            received_at=self.stage.start,
            terms=promising.terms(RULES),
            flow=flow,
            materials=materials,
            promised="480 hours",
            legal_rule="720 hours",
            desk="desk",
            redos=1,
        )
        request, events = open_request(bare, resolving.opening(RULES, bare), by="clerk")
        kind = DossierKind.SERVICE_REQUEST
        await self.stage.insert(kind, request, events)
        opening = Opening(dossier=NUMBER, kind=kind, state=to_plain(request))
        await self.stage.begin(ServiceRequestWorkflow.run, opening)

    async def give(self, kind: CommandKind, by: Person, /, **said: Any) -> None:
        """Gives a command, resolved against the state that the workflow holds."""
        request = of_plain(ServiceRequest, await self.stage.handle(NUMBER).query(options.STATE))
        data = {**said, **resolved(RULES, request, kind, await self.stage.now(), said)}
        await self.stage.give(kind, by, dossier=NUMBER, **data)

    async def acknowledge(self, step: str) -> None:
        """The unit of a step answers and arranges."""
        by = HOLDERS[step]
        await self.give(CommandKind.ACKNOWLEDGE, by, part=step, handler=by.username)

    async def complete(self, step: str, outcome: str = PASSED) -> None:
        """The unit of a step is done; an outside one is answered at the desk."""
        await self.give(CommandKind.COMPLETE_STEP, HOLDERS[step], part=step, outcome=outcome)

    async def through(self, *steps: str) -> None:
        """Acknowledged and done, one after another."""
        for step in steps:
            await self.acknowledge(step)
            await self.complete(step)


class StageDelivery:
    """The way back for connectors, without the API in between: commands go straight to the workflow."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def handoff(self, case: str, step: str, id: str) -> Handoff | None:
        """What is handed out, while the step is open."""
        request = await self._request(case)
        part = next((part for part in request.open_parts if part.key == step), None)
        if part is None:
            return None
        unit = part.unit or ""
        return Handoff(
            id=id, case=case, step=step, item=request.item, unit=unit, outcomes=(PASSED,), form={"name": "-"}
        )

    async def confirm(self, handoff: Handoff, reference: str) -> None:
        """The other side has it."""
        await self._put(CommandKind.CONFIRM_HANDOFF, handoff, {"part": handoff.step})

    async def answer(self, handoff: Handoff, answered: Answered) -> None:
        """The other side has decided."""
        at = activity.info().current_attempt_scheduled_time
        request = await self._request(handoff.case)
        data = resolving.complete_step(RULES, request, handoff.step, answered.outcome, at)
        await self._put(CommandKind.COMPLETE_STEP, handoff, data)

    async def _request(self, case: str) -> ServiceRequest:
        return of_plain(ServiceRequest, await self._client.get_workflow_handle(case).query(options.STATE))

    async def _put(self, kind: CommandKind, handoff: Handoff, data: dict[str, Any]) -> None:
        at = activity.info().current_attempt_scheduled_time
        command = Command(id=f"{handoff.id}-{kind}", kind=kind, at=at, actor=None, unit=None, data=data)
        handle = self._client.get_workflow_handle(handoff.case)
        await handle.execute_update(options.COMMAND, command, id=command.id)


def handoffs(client: Any) -> Handoffs:
    """Hand-offs to a connector that answers itself after an hour of the stage's clock."""
    loopback = Loopback(lambda: activity.info().current_attempt_scheduled_time, after=timedelta(hours=1))
    return Handoffs(StageDelivery(client), {NAME: loopback})
