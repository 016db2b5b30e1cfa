"""What figures of units, periods and accountability files are called; the others are in ``web.words``."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from domain.vocabulary import AccountabilityStatus, CommandKind, Consequence, DecisionFor, Figure, Period
from web.language import mark

STANDINGS: Final[Mapping[type[StrEnum], Mapping[Any, str]]] = {
    Figure: {
        Figure.CAME: mark("接到"),
        Figure.ANSWERED: mark("按时响应"),
        Figure.UNANSWERED: mark("超时响应"),
        Figure.FINISHED: mark("办结数"),
        Figure.ON_TIME: mark("按时"),
        Figure.LATE: mark("逾期"),
        Figure.DEFERRED: mark("挂账不计"),
        Figure.EXCUSED: mark("申诉不计"),
        Figure.CARDED: mark("有红牌"),
        Figure.APPEALING: mark("申诉中"),
        Figure.EXTENDED: mark("延期"),
        Figure.RETURNED: mark("退单"),
        Figure.URGED: mark("被催办"),
        Figure.REDONE: mark("重办"),
    },
    Period: {
        Period.WEEK: mark("本周"),
        Period.MONTH: mark("本月"),
        Period.QUARTER: mark("本季"),
        Period.YEAR: mark("本年"),
    },
    Consequence: {
        Consequence.MASS_INCIDENT: mark("群体性事件"),
        Consequence.SAFETY_ACCIDENT: mark("安全事故"),
    },
    AccountabilityStatus: {
        AccountabilityStatus.OPENED: mark("已立档"),
        AccountabilityStatus.INVESTIGATED: mark("已调查"),
        AccountabilityStatus.DECIDED: mark("已决定"),
        AccountabilityStatus.CLOSED: mark("已归档"),
    },
    DecisionFor: {DecisionFor.UNIT: mark("单位"), DecisionFor.PERSON: mark("责任人")},
}
OF_ACCOUNTABILITY: Final[Mapping[CommandKind, str]] = {
    CommandKind.HOLD_ACCOUNTABLE: mark("启动问责"),
    CommandKind.RECORD_FINDINGS: mark("记录调查结论"),
    CommandKind.DECIDE_ACCOUNTABILITY: mark("问责决定"),
    CommandKind.CLOSE_ACCOUNTABILITY: mark("完结归档"),
}
