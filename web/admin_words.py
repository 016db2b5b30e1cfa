"""What the members of the closed sets of administration are called."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from domain.administration import Act, Subject
from web.language import mark

_SUBJECT = {
    Subject.ACCOUNT: mark("用户账号"),
    Subject.API_KEY: mark("系统密钥"),
    Subject.UNIT: mark("单位"),
    Subject.GRID: mark("网格"),
    Subject.CALENDAR: mark("日历"),
    Subject.RULEBOOK: mark("规则版本"),
}
_ACT = {
    Act.CREATED: mark("新增"),
    Act.CHANGED: mark("修改"),
    Act.DEACTIVATED: mark("停用"),
    Act.ACTIVATED: mark("启用"),
    Act.PASSWORD_RESET: mark("重设密码："),
    Act.PASSWORD_CHANGED: mark("本人改密码："),
    Act.SESSION_ENDED: mark("本人结束登录："),
    Act.REVOKED: mark("吊销"),
    Act.SCHEDULED: mark("排定"),
    Act.WITHDRAWN: mark("撤回"),
}

ADMINISTRATION: Final[Mapping[type[StrEnum], Mapping[Any, str]]] = {Subject: _SUBJECT, Act: _ACT}
