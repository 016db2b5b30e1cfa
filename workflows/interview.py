"""The life of an interview file (A9): convened, held, minuted, rectified, checked; or waived, or withdrawn."""

from temporalio import workflow

from domain.errors import Refused
from domain.interview import Interview
from domain.messages import Command, Event, Opening
from domain.vocabulary import CommandKind
from workflows import options
from workflows.dossier import DossierWorkflow


@workflow.defn
class InterviewWorkflow(DossierWorkflow[Interview]):
    """Runs the file's own clocks; told to the next level up when it is not convened in time."""

    shape = Interview

    @workflow.init
    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)

    @workflow.run
    async def run(self, opening: Opening) -> None:
        """Until the file is closed, waived or withdrawn."""
        await self.live()

    @workflow.signal(name=options.WITHDRAW_INTERVIEW)
    async def withdraw(self, upheld: Event) -> None:
        """The card's appeal was upheld (A17). A file that has ended meanwhile stays as it is."""
        command = Command(
            id=f"{self.opening.dossier}:{CommandKind.WITHDRAW_INTERVIEW.value}",
            kind=CommandKind.WITHDRAW_INTERVIEW,
            at=upheld.at,
            actor=upheld.actor,
            unit=None,
        )
        try:
            self.ledger.decide(command)
        except Refused as refused:
            workflow.logger.info("interview file %s: not withdrawn, %s", self.opening.dossier, refused.code)
        await self._record()

    def details(self, dossier: Interview) -> str:
        """Status, unit, card."""
        return f"**{dossier.status.value}** · unit `{dossier.unit}` · card `{dossier.card}` · event {dossier.version}"
