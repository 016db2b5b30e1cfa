"""What areas of the rules and states of a version are called."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from domain.limits import LimitUnit
from domain.rulebook_diff import RuleArea
from domain.rulebook_versions import VersionState
from web.language import mark

_AREA = {
    RuleArea.CLOCKS: mark("通用时限与分值"),
    RuleArea.SERVICES: mark("办件"),
    RuleArea.CATEGORIES: mark("事件类别"),
    RuleArea.ROUTES: mark("派单规则"),
    RuleArea.GROUPS: mark("类别分组"),
    RuleArea.ACK_LADDER: mark("未响应逐级提醒"),
    RuleArea.DANGER: mark("险情"),
    RuleArea.OFFICE_HOURS: mark("办公时间"),
    RuleArea.CALENDAR: mark("日历"),
    RuleArea.STANDINGS: mark("绩效比较"),
    RuleArea.DUPLICATES: mark("疑似重复"),
    RuleArea.TEXTS: mark("文字长度上限"),
    RuleArea.ATTACHMENTS: mark("附件"),
}
_STATE = {
    VersionState.DRAFT: mark("草稿"),
    VersionState.SCHEDULED: mark("待生效"),
    VersionState.IN_FORCE: mark("生效中"),
    VersionState.PAST: mark("已失效"),
    VersionState.WITHDRAWN: mark("已撤回"),
}
_UNIT = {
    LimitUnit.SECONDS: mark("秒"),
    LimitUnit.MINUTES: mark("分钟"),
    LimitUnit.HOURS: mark("小时"),
    LimitUnit.WORKING_HOURS: mark("工作小时"),
    LimitUnit.WORKING_DAYS: mark("工作日"),
    LimitUnit.DAYS: mark("自然日"),
}
RULES: Final[Mapping[type[StrEnum], Mapping[Any, str]]] = {RuleArea: _AREA, VersionState: _STATE, LimitUnit: _UNIT}
