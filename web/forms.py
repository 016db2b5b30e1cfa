"""The form of each command: its fields, and how each is asked for and called. What is accepted, the API says."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.vocabulary import CommandKind
from web.language import mark


class Widget(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    LINE = "line"
    MOMENT = "moment"
    YES_NO = "yes_no"
    UNIT = "unit"
    HANDLER = "handler"
    URGING = "urging"
    CARD = "card"
    SCORE = "score"
    TALK = "talk"
    REPORT = "report"
    CHOICE = "choice"
    BOXES = "boxes"
    PHOTOS = "photos"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field.

    yes, no      what the two answers are called
    suggestions  texts that fill it at a tap
    """

    name: str
    label: str
    widget: Widget = Widget.TEXT
    required: bool = True
    hint: str = ""
    yes: str = ""
    no: str = ""
    suggestions: tuple[str, ...] = ()


def _note(label: str = mark("说明")) -> Field:
    return Field(name="note", label=label, required=False)


PHOTOS: Final = Field(
    name="photos",
    label=mark("照片"),
    widget=Widget.PHOTOS,
    required=False,
    hint=mark("可选多张，也可以是 PDF。拍摄地点、时间和手机型号不会保存。"),
)
"""Files that go with a command: they are kept when it is carried out, and not when it is refused."""


def _reason(hint: str = "") -> Field:
    return Field(name="reason", label=mark("理由"), hint=hint)


_PLANS = (
    mark("已安排人员前往现场，到场后先采取临时措施，再彻底处理。"),
    mark("已联系施工队伍，今日进场，完工后拍照反馈。"),
    mark("需先查明权属，明日上午会同相关单位现场核实。"),
)
_K = CommandKind

FORMS: Final[Mapping[CommandKind, tuple[Field, ...]]] = {
    _K.DISPATCH: (Field(name="unit", label=mark("承办单位"), widget=Widget.UNIT), _note()),
    _K.ASSIST: (Field(name="unit", label=mark("协办单位"), widget=Widget.UNIT), _note()),
    _K.ACKNOWLEDGE: (
        Field(name="handler", label=mark("承办人"), widget=Widget.HANDLER),
        Field(name="plan", label=mark("办理安排"), suggestions=_PLANS),
    ),
    _K.PROGRESS: (
        Field(name="note", label=mark("进展")),
        Field(name="answers", label=mark("答复催办"), widget=Widget.URGING, required=False),
        PHOTOS,
    ),
    _K.URGE: (_note(mark("催办内容")),),
    _K.TAKE_OVER: (_note(mark("如何处置")),),
    _K.RETURN: (_reason(mark("为什么不属于贵单位，应由谁办。每件只能退一次。")),),
    _K.RULE_RETURN: (
        Field(
            name="accept",
            label=mark("裁定"),
            widget=Widget.YES_NO,
            yes=mark("同意退单"),
            no=mark("不同意，仍由原单位办理"),
        ),
        Field(
            name="unit",
            label=mark("改派给"),
            widget=Widget.UNIT,
            required=False,
            hint=mark("不选则回到待分派。"),
        ),
        _note(),
    ),
    _K.REQUEST_EXTENSION: (
        Field(name="until", label=mark("新期限"), widget=Widget.MOMENT),
        _reason(mark("为什么不能按期办结，延期后怎么办。")),
    ),
    _K.DECIDE_EXTENSION: (
        Field(name="grant", label=mark("决定"), widget=Widget.YES_NO, yes=mark("同意延期"), no=mark("不同意")),
        _note(),
    ),
    _K.SUSPEND: (
        _reason(),
        Field(name="resume_at", label=mark("恢复计时"), widget=Widget.MOMENT),
    ),
    _K.RESUME: (),
    _K.COMPLETE: (
        Field(
            name="result",
            label=mark("办理结果"),
            hint=mark("写明做了什么、现在怎样。群众会看到。"),
        ),
        PHOTOS,
    ),
    _K.VERIFY: (
        Field(
            name="solved", label=mark("核查结论"), widget=Widget.YES_NO, yes=mark("已解决"), no=mark("未解决，重新办理")
        ),
        _note(),
        PHOTOS,
    ),
    _K.RATE: (
        Field(name="report", label=mark("哪一位反映人"), widget=Widget.REPORT, required=False),
        Field(
            name="solved",
            label=mark("群众答复"),
            widget=Widget.YES_NO,
            yes=mark("已解决"),
            no=mark("未解决，重新办理"),
        ),
        Field(name="score", label=mark("满意度"), widget=Widget.SCORE, required=False),
        _note(),
    ),
    _K.APPEAL: (
        Field(name="card", label=mark("红牌"), widget=Widget.CARD, required=False),
        _reason(),
    ),
    _K.RULE_APPEAL: (
        Field(
            name="uphold",
            label=mark("裁定"),
            widget=Widget.YES_NO,
            yes=mark("申诉成立，撤销红牌"),
            no=mark("申诉不成立"),
        ),
        _note(),
    ),
    _K.WITHDRAW: (_reason(),),
    _K.CONVENE: (
        Field(name="at", label=mark("约谈时间"), widget=Widget.MOMENT),
        Field(name="place", label=mark("约谈地点"), widget=Widget.LINE),
    ),
    _K.WAIVE: (_reason(),),
    _K.KEEP_MINUTES: (
        Field(name="kind", label=mark("谈话"), widget=Widget.TALK),
        Field(name="person", label=mark("谈话对象"), widget=Widget.LINE),
        Field(name="text", label=mark("谈话内容")),
    ),
    _K.RECTIFY: (
        Field(name="measures", label=mark("整改措施")),
        Field(name="due_on", label=mark("整改期限"), widget=Widget.MOMENT),
    ),
    _K.CHECK: (
        Field(
            name="passed",
            label=mark("检查结论"),
            widget=Widget.YES_NO,
            yes=mark("整改到位"),
            no=mark("未到位，重新明确整改"),
        ),
        _note(),
    ),
    _K.HOLD_ACCOUNTABLE: (
        Field(name="consequence", label=mark("严重后果"), widget=Widget.CHOICE),
        Field(name="note", label=mark("事由"), required=False, hint=mark("后果、涉及的人和已知的情况。")),
    ),
    _K.RECORD_FINDINGS: (Field(name="note", label=mark("调查结论")),),
    _K.DECIDE_ACCOUNTABILITY: (
        Field(name="for", label=mark("问责对象"), widget=Widget.CHOICE),
        Field(name="measure", label=mark("处理措施")),
        _note(),
    ),
    _K.CLOSE_ACCOUNTABILITY: (_note(),),
}
