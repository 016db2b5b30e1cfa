"""The forms of the commands to a service request and to its steps; those that incidents know, too, are the same."""

from collections.abc import Mapping
from typing import Final

from domain.vocabulary import CommandKind
from web.forms import FORMS, PHOTOS, Field, Widget
from web.language import mark

_K = CommandKind

ONLY_REQUESTS: Final[Mapping[CommandKind, tuple[Field, ...]]] = {
    _K.COMPLETE_STEP: (
        Field(name="outcome", label=mark("办理结论"), widget=Widget.CHOICE),
        Field(
            name="note",
            label=mark("说明"),
            required=False,
            hint=mark("不予通过的，写明理由和可以怎么办。群众会看到。"),
        ),
        PHOTOS,
    ),
    _K.CONFIRM_HANDOFF: (
        Field(name="reference", label=mark("外部受理编号"), widget=Widget.LINE, hint=mark("对方系统或来文上的编号。")),
    ),
    _K.REQUEST_MATERIALS: (
        Field(
            name="codes",
            label=mark("缺少的材料"),
            widget=Widget.BOXES,
            hint=mark("只能告知一次，请一次列全。补齐之前停止计时。"),
        ),
        Field(name="note", label=mark("说明"), required=False),
    ),
    _K.BRING_MATERIALS: (
        Field(name="codes", label=mark("收到的材料"), widget=Widget.BOXES),
        Field(name="note", label=mark("说明"), required=False),
        PHOTOS,
    ),
}

_INSIDE: Final = (
    _K.ACKNOWLEDGE, _K.PROGRESS, _K.COMPLETE_STEP, _K.REQUEST_EXTENSION, _K.RETURN, _K.URGE, _K.RULE_RETURN,
    _K.DECIDE_EXTENSION, _K.DISPATCH,
)  # fmt: skip
_OUTSIDE: Final = (_K.CONFIRM_HANDOFF, _K.COMPLETE_STEP)
_WHOLE: Final = (
    _K.REQUEST_MATERIALS, _K.BRING_MATERIALS, _K.SUSPEND, _K.RESUME, _K.RATE, _K.APPEAL, _K.RULE_APPEAL, _K.WITHDRAW,
)  # fmt: skip

_PLANS: Final = (
    mark("已收到材料，按期审查。"),
    mark("约申请人当面核对原件。"),
    mark("需入户或现场核查，已约好时间。"),
)

FIELDS: Final[Mapping[CommandKind, tuple[Field, ...]]] = {
    **FORMS,
    **ONLY_REQUESTS,
    _K.ACKNOWLEDGE: (
        Field(name="handler", label=mark("承办人"), widget=Widget.HANDLER),
        Field(name="plan", label=mark("办理安排"), suggestions=_PLANS),
    ),
}


def to_step(*, outside: bool) -> tuple[CommandKind, ...]:
    """What may be asked of an open step, in the order in which it is offered."""
    return _OUTSIDE if outside else _INSIDE


def to_whole() -> tuple[CommandKind, ...]:
    """What may be asked of the request as a whole."""
    return _WHOLE
