"""Several reports of one matter that share a case (A19): which there are, and whose answer is still waited for.

A report is named by the sequence number of the event that brought it: the first by the receipt, a joined one by
``report_joined``. Its words and whoever brought it are beside, in the database.
"""

from typing import TYPE_CHECKING, Final

from domain.errors import Conflict, Unprocessable
from domain.facts import Fact, alarm_data
from domain.messages import Command
from domain.vocabulary import EventType, Role

if TYPE_CHECKING:
    from domain.case import Case

FIRST: Final = 1
"""The report that the case was opened with."""


def of(case: "Case") -> tuple[int, ...]:
    """All reports of the case, in the order in which they came."""
    return (FIRST, *case.joined)


def join(case: "Case", command: Command) -> list[Fact]:
    """One more report of the same matter. No clock of the case is moved by it.

    Danger to life never hides in a case without: Conflict("danger_not_joined"). In a case that is dangerous itself it
    raises the alarm again if somebody had taken it over.
    """
    danger = bool(command.data.get("danger"))
    if danger and not case.danger:
        raise Conflict("danger_not_joined")
    facts: list[Fact] = [(EventType.REPORT_JOINED, {"danger": danger})]
    if danger and case.alarm_next is None:
        facts.append((EventType.ALARM_RAISED, alarm_data(case.terms.danger_ladder, case.alarm_rungs)))
    return facts


def answering(case: "Case", command: Command) -> int:
    """The report whose reporter answers; the first unless another one is named.

    Raises Unprocessable("report_unknown"), Conflict("already_rated").
    """
    report: int = command.data.get("report", FIRST)
    if report not in of(case):
        raise Unprocessable("report_unknown", field="report")
    if report in case.answered:
        raise Conflict("already_rated")
    return report


def all_answered(case: "Case", report: int) -> bool:
    """Whether nobody else's answer is waited for once the reporter of ``report`` has answered."""
    return {*case.answered, report} >= set(of(case))


def check_withdrawal(case: "Case", command: Command) -> None:
    """What others have reported too, only the centre calls off. Raises Conflict("reports_joined")."""
    if case.joined and Role.SUPERVISOR not in command.roles:
        raise Conflict("reports_joined")
