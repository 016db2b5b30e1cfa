"""Where a matter is, in one plain sentence for whoever brought it."""

from collections.abc import Mapping
from typing import Any, Final

from domain.limits import LimitUnit
from domain.tracking import Wait
from domain.vocabulary import CaseStatus, Outcome
from web.language import Say, mark
from web.words import Words

_HELD: Final = mark("{unit}正在办理")
_WAITS: Final[Mapping[Wait, str]] = {
    Wait.DISPATCH: mark("已受理，正在确定由哪个单位办理"),
    Wait.MATERIALS: mark("等您补齐材料，期间不计时"),
    Wait.OUTSIDE_STEP: mark("正由上级部门办理，时间供参考"),
    Wait.SUSPENSION: mark("暂缓办理，期间不计时"),
    Wait.VERIFICATION: mark("已办完，正在核查结果"),
    Wait.ANSWER: mark("已办完，请告诉我们是否解决"),
}
_ENDED: Final[Mapping[Outcome, str]] = {
    Outcome.SOLVED: mark("已办结，问题已解决"),
    Outcome.UNANSWERED: mark("已办结"),
    Outcome.APPROVED: mark("已办结，准予"),
    Outcome.REFUSED: mark("已办结，不予办理"),
    Outcome.WITHDRAWN: mark("已撤回"),
    Outcome.LAPSED: mark("因逾期未补材料而失效"),
}
_DECIDED: Final[Mapping[Outcome, str]] = {
    Outcome.APPROVED: mark("已准予，请告诉我们办得怎么样"),
    Outcome.REFUSED: mark("不予办理，理由和办法见下"),
}
_OTHERS_ASKED: Final = mark("已办完，您已答复；正在等其他反映人答复")
_AT_STEP: Final = mark("{unit}正在办理“{step}”")
_TOGETHER: Final = mark("{n} 个环节正在同时办理")
_WAITING_FOR_UNIT: Final = mark("已交给{unit}，等待签收")
_SPENT_LEFT: Final = mark("已用 {spent}，还剩 {left}")
_SPENT_OVERDUE: Final = mark("已用 {spent}，已超过承诺期限")
_DAYS: Final = {True: mark("{n} 个工作日"), False: mark("{n} 天")}
_HOURS: Final = mark("{n} 小时")
_NO_HOUR: Final = mark("不到 1 小时")


def sentence_of(say: Say, words: Words, way: Mapping[str, Any]) -> tuple[str, str]:
    """What is said large, and the days beside it; the latter is empty where none are counted."""
    status, outcome = way["status"], way["outcome"]
    if outcome in _ENDED:
        return say(_ENDED[outcome]), ""
    waits = way["waits_for"]
    if waits is not None and waits["reason"] is Wait.ANSWER and way.get("answered"):
        return say(_OTHERS_ASKED), ""
    if waits is not None and waits["reason"] is Wait.ANSWER and way.get("decision") in _DECIDED:
        return say(_DECIDED[way["decision"]]), ""
    if waits is not None:
        return say(_WAITS[waits["reason"]]), "" if waits["reason"] is Wait.ANSWER else _days(say, way)
    unit = way["unit"] or ""
    holders = way.get("holders", ())
    if len(holders) > 1:
        return say(_TOGETHER, n=len(holders)), _days(say, way)
    if holders and status is CaseStatus.IN_PROGRESS:
        return say(_AT_STEP, unit=unit, step=_step(words, way, holders[0]["step"])), _days(say, way)
    if status is CaseStatus.DISPATCHED:
        return say(_WAITING_FOR_UNIT, unit=unit), _days(say, way)
    return (say(_HELD, unit=unit) if unit else words.word(status)), _days(say, way)


def _step(words: Words, way: Mapping[str, Any], key: str) -> str:
    return next((words.called(step) for step in way["steps"] if step["key"] == key), key)


def _days(say: Say, way: Mapping[str, Any]) -> str:
    if way["days_spent"] is None or way["due_at"] is None:
        return ""
    spent = _counted(say, way, way["days_spent"], way["hours_spent"])
    if way["overdue"]:
        return say(_SPENT_OVERDUE, spent=spent)
    left = _counted(say, way, way["days_left"] or 0, way["hours_left"] or 0)
    return say(_SPENT_LEFT, spent=spent, left=left)


def _counted(say: Say, way: Mapping[str, Any], days: int, hours: int) -> str:
    if days:
        return say(_DAYS[way["counted_in"] is LimitUnit.WORKING_DAYS], n=days)
    return say(_HOURS, n=hours) if hours else say(_NO_HOUR)
