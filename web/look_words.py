"""What looks at personal data are called: at what, why, which fields, what was unusual. Part of ``web.words``."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from domain.looks import ContactField, Oddity
from domain.vocabulary import LookKind, LookPurpose
from web.language import mark

_LOOK = {
    LookKind.REGISTER: mark("人口登记"),
    LookKind.CONTACT: mark("联系人"),
    LookKind.FORM: mark("申请表"),
}
_LOOK_PURPOSE = {
    LookPurpose.CONTACT: mark("联系群众"),
    LookPurpose.VERIFY_IDENTITY: mark("核对身份"),
    LookPurpose.HAND_OVER: mark("移交办理"),
    LookPurpose.COMPLAINT: mark("处理投诉"),
}
_CONTACT = {
    ContactField.NAME: mark("姓名"),
    ContactField.PHONE: mark("电话"),
    ContactField.ADDRESS: mark("地址"),
    ContactField.ID_TYPE: mark("证件种类"),
    ContactField.ID_NUMBER: mark("证件号码"),
    ContactField.PROXY_NAME: mark("代办人"),
    ContactField.PROXY_PHONE: mark("代办人电话"),
    ContactField.PROXY_ID_NUMBER: mark("代办人证件号码"),
}
_ODDITY = {
    Oddity.MANY: mark("一小时内次数很多"),
    Oddity.NIGHT: mark("夜间查阅"),
    Oddity.FOREIGN_GRID: mark("非本人网格"),
}

OF_LOOKS: Final[Mapping[type[StrEnum], Mapping[Any, str]]] = {
    LookKind: _LOOK,
    LookPurpose: _LOOK_PURPOSE,
    ContactField: _CONTACT,
    Oddity: _ODDITY,
}
