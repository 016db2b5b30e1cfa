"""A service request of the made-up day: applied for at the desk, and led through its steps."""

from dataclasses import dataclass
from typing import Any, Self

from domain.catalogue.items import ApplicantKind
from domain.vocabulary import OutcomeEffect, StepKind, StepStatus
from launch.demo.stage import Declined, Json
from launch.demo.story import Story
from launch.demo.tables import table

_OPEN = (StepStatus.DISPATCHED, StepStatus.IN_PROGRESS, StepStatus.OUTSIDE)


@dataclass
class ServiceRequest:
    """A request, as it was answered last; ``sheet`` is its item."""

    story: Story
    sheet: Json
    case: Json
    code: str

    @classmethod
    async def applied(cls, story: Story, kind: str, *, complete: bool = True) -> Self:
        """Somebody applies for an item of this kind; not ``complete``: without what is asked for."""
        code = story.dealt(kind, table("applications")[kind])
        sheet = await story.stage.get(story.clerk, f"catalogue/{code}")
        person = story.person()
        applicant = ApplicantKind.PERSON
        if applicant not in sheet["applicants"]:
            applicant = ApplicantKind(sheet["applicants"][0])
        body = {
            "item": code,
            "applicant": {**person, "kind": applicant.value},
            "materials": _brought(sheet, applicant) if complete else [],
            "grid": story.grid(),
        }
        case = await story.stage.post(story.clerk, "service-requests", body)
        return cls(story, sheet, case, case["tracking_code"])

    @property
    def number(self) -> str:
        """Its number."""
        return str(self.case["number"])

    async def does(self, who: str, what: str, **body: Any) -> None:
        """A command. Raises Declined."""
        self.case = await self.story.stage.post(who, f"cases/{self.number}/{what}", body)

    def open_step(self) -> Json:
        """The first step that somebody holds. Raises Declined."""
        for step in self.case["steps"]:
            if StepStatus(step["status"]) in _OPEN:
                return dict(step)
        raise Declined(self.number, "no_open_step")

    async def acknowledged(self) -> Json:
        """The unit of the open step takes it."""
        step = self.open_step()
        if StepStatus(step["status"]) is StepStatus.DISPATCHED:
            worker = self.story.cast.worker(step["unit"])
            plan = self.story.say("step_done")
            await self.does(worker, "acknowledgement", handler=worker, plan=plan, step=step["key"])
        return step

    async def passed(self) -> None:
        """The open step is taken and done."""
        step = await self.acknowledged()
        await self.story.beat(3, 12)
        await self._done(step, self._outcome(step, OutcomeEffect.GO_ON), self.story.say("step_done"))

    async def refused(self) -> None:
        """The open step ends in a refusal."""
        step = await self.acknowledged()
        await self._done(step, self._outcome(step, OutcomeEffect.REFUSE), self.story.say("refusal"))

    async def approved(self, most: int = 12) -> None:
        """One step after the other, to the end."""
        for _ in range(most):
            if self.case["result"] is not None:
                return
            await self.passed()
            await self.story.beat(3, 12)

    async def rated(self) -> None:
        """The applicant answers with the code of the receipt."""
        body = {"code": self.code, "score": self.story.chance.choice((5, 4, 5)), "solved": True}
        await self.story.stage.post(None, f"track/{self.number}/rating", body)

    def missing(self) -> list[str]:
        """What has to be brought."""
        return [each["code"] for each in self.case["materials"] if each["required"]]

    async def _done(self, step: Json, outcome: str, note: str) -> None:
        outside = StepKind(step["kind"]) is StepKind.OUTSIDE
        who = self.story.supervisor if outside else self.story.cast.worker(step["unit"])
        await self.does(who, f"steps/{step['key']}/completion", outcome=outcome, note=note)

    def _outcome(self, step: Json, effect: OutcomeEffect) -> str:
        rule = next(each for each in self.sheet["steps"] if each["key"] == step["key"])
        for outcome in rule["outcomes"]:
            if OutcomeEffect(outcome["effect"]) is effect:
                return str(outcome["code"])
        raise Declined(self.number, "no_such_outcome")


def _brought(sheet: Json, applicant: ApplicantKind) -> list[str]:
    """Everything on the checklist that such an applicant brings in person."""
    return [
        material["code"]
        for material in sheet["materials"]
        if not material["by_proxy"] and (not material["only_for"] or applicant in material["only_for"])
    ]
