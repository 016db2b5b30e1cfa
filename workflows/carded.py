"""What dossiers on which red cards fall do with them: an interview file of its own, withdrawn by an upheld appeal."""

from typing import Protocol, TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain.holding.values import RedCard
from domain.interview import plain_interview
from domain.ledger import Dossier
from domain.messages import Event, Opening
from domain.vocabulary import DossierKind, EventType
from workflows import options
from workflows.dossier import DossierWorkflow
from workflows.interview import InterviewWorkflow


class WithCards(Dossier, Protocol):
    """A dossier on which red cards fall."""

    @property
    def red_cards(self) -> tuple[RedCard, ...]: ...


C = TypeVar("C", bound=WithCards)


class CardedWorkflow(DossierWorkflow[C]):
    """Base of the workflows of incidents and service requests (A9, A17, B3)."""

    async def carry_out(self, event: Event) -> None:
        """A red card's interview file runs on its own; an upheld appeal withdraws it."""
        if event.type is EventType.INTERVIEW_OPENED:
            await self._open_interview(event)
        elif event.type is EventType.APPEAL_UPHELD:
            await self._withdraw_interview(event)

    async def _open_interview(self, event: Event) -> None:
        state, _ = plain_interview(event)
        interview = event.data["interview"]
        opening = Opening(dossier=interview, kind=DossierKind.INTERVIEW, state=state)
        summary = f"interview · {event.data['unit']}"
        await self.start_beside(InterviewWorkflow.run, opening, id=interview, summary=summary)

    async def _withdraw_interview(self, event: Event) -> None:
        card = next(card for card in self.ledger.confirmed.red_cards if card.id == event.data["card"])
        interview = workflow.get_external_workflow_handle(card.interview)
        try:
            await interview.signal(options.WITHDRAW_INTERVIEW, event)
        except ApplicationError:
            workflow.logger.info("interview file %s has ended before its card was reversed", card.interview)
