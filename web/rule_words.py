"""What rules are called on pages: their fields, and the values that they are set to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.errors import Unprocessable
from domain.limits import Limit
from domain.rulebook_diff import RuleArea
from web.directory import Directory
from web.language import Say, mark
from web.words import Words

FIELDS: Final[Mapping[str, str]] = {
    "duplicates.place": mark("地点的分量"),
    "duplicates.words": mark("用词的分量"),
    "duplicates.category": mark("类别的分量"),
    "duplicates.time": mark("时间的分量"),
    "duplicates.least": mark("提示的最低相似度（%）"),
    "duplicates.most": mark("最多提示件数"),
    "duplicates.reach": mark("同一地点的距离（米）"),
    "duplicates.looked_back": mark("回看多久"),
    "duplicates.closed_within": mark("结案多久以内"),
    "duplicates.half_life": mark("时间分量减半"),
    "duplicates.ignored": mark("不计的用词"),
    "acknowledgement": mark("响应时限"),
    "ack_warning": mark("响应预警（剩余 %）"),
    "extension_lead": mark("延期须提前"),
    "extension_reminder": mark("延期窗口提醒提前"),
    "extensions": mark("可批延期次数"),
    "higher_extensions": mark("上级可再批次数"),
    "yellow_lead": mark("黄灯提前"),
    "yellow_share": mark("黄灯最多占时限（%）"),
    "points": mark("红牌扣分"),
    "appeal": mark("申诉期"),
    "convene": mark("召集约谈"),
    "minutes": mark("提交谈话记录"),
    "check": mark("整改检查"),
    "findings": mark("追责调查"),
    "decision": mark("追责决定"),
    "urging": mark("答复催办"),
    "triage": mark("待分派处理"),
    "return_within": mark("退单期限"),
    "verification": mark("核查期限"),
    "answer": mark("群众答复期限"),
    "acknowledgement_in_office_hours": mark("响应只计办公时间"),
    "materials_window": mark("补交材料期限"),
    "handoff_within": mark("外部接收确认"),
    "chase": mark("外部催询间隔"),
    "redos": mark("可重新办理次数"),
    "limit": mark("办理时限"),
    "name": mark("名称"),
    "name_en": mark("英文名称"),
    "group": mark("分组"),
    "danger": mark("险情"),
    "protected": mark("受保护"),
    "unit": mark("单位"),
    "category": mark("类别"),
    "grid": mark("网格"),
    "community": mark("社区"),
    "version": mark("版本"),
    "years": mark("年份"),
    "office_hours": mark("办公时间"),
    "repeat": mark("最后一级重复间隔"),
    "least_judged": mark("参加排名的最少件数"),
    "compare_by": mark("可比单位的共同点"),
    "max_bytes": mark("单个文件字节上限"),
    "max_count": mark("每件文件数上限"),
    "media_types": mark("文件类型"),
    "description": mark("反映内容"),
    "note": mark("说明"),
    "result": mark("办理结果"),
    "address": mark("地址"),
}
_RUNG: Final = mark("第 {n} 级")
_YES_NO: Final = {True: mark("是"), False: mark("否")}
_NOTHING: Final = mark("无")
_NO_EXTENSION: Final = mark("不可延期")
COMMUNITY: Final = mark("所在社区")


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Words for rules in one language."""

    words: Words
    codes: Directory

    @property
    def _say(self) -> Say:
        return self.words.say

    def field(self, name: str) -> str:
        """What a field is called; one that has no word stays as files write it."""
        kind, _, place = name.partition(".")
        if kind == "rung":
            return self._say(_RUNG, n=place)
        return self._say(FIELDS[name]) if name in FIELDS else name

    def value(self, name: str, value: Any, area: RuleArea | None = None) -> str:
        """A value as people read it."""
        if value is None:
            return self._say(_NO_EXTENSION if name == "extension_lead" else _NOTHING)
        if isinstance(value, bool):
            return self._say(_YES_NO[value])
        if isinstance(value, list | tuple):
            return " · ".join(map(str, value))
        if name == "unit":
            return self.codes.unit(str(value))
        if name in ("grid", "community"):
            return self.codes.grids.get(str(value), self.codes.unit(str(value)))
        return self._limit(value) if isinstance(value, str) else str(value)

    def _limit(self, text: str) -> str:
        """A limit in words; of a rung the length before its name; any other text as it is."""
        first, dot, rest = text.partition(" · ")
        try:
            Limit.parse(first)
        except Unprocessable:
            return text
        return self.words.limit(first) + dot + rest
