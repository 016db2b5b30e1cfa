"""The life of an accountability file (A10): findings, decision by authority, closure."""

from temporalio import workflow

from domain.accountability import Accountability
from domain.messages import Opening
from workflows.dossier import DossierWorkflow


@workflow.defn
class AccountabilityWorkflow(DossierWorkflow[Accountability]):
    """Runs the clocks of findings and decision; decides nothing by itself."""

    shape = Accountability

    @workflow.init
    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)

    @workflow.run
    async def run(self, opening: Opening) -> None:
        """Until the file is closed."""
        await self.live()

    def details(self, dossier: Accountability) -> str:
        """Status, unit, case, consequence."""
        return (
            f"**{dossier.status.value}** · {dossier.consequence.value} · unit `{dossier.unit}` · "
            f"case `{dossier.case}` · event {dossier.version}"
        )
