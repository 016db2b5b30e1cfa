"""What the members of the closed sets are called. Every member of a set that is here has its word; a test says so."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Protocol

from domain.catalogue.items import ApplicantKind, ItemKind, StepRule
from domain.identity import IdentityKind
from domain.limits import Limit, LimitUnit
from domain.register import RegisterField
from domain.service.flow import PASSED, TURNED_DOWN
from domain.vocabulary import (
    AppealStatus,
    CaseStatus,
    CommandKind,
    DossierKind,
    ExtensionStatus,
    InterviewStatus,
    Light,
    Likeness,
    MaterialState,
    Outcome,
    PointsReason,
    Role,
    Source,
    StepKind,
    StepStatus,
    TalkKind,
    UnitKind,
)
from web.admin_words import ADMINISTRATION
from web.language import Language, Say, mark
from web.look_words import OF_LOOKS
from web.rule_sets import RULES
from web.standing_words import OF_ACCOUNTABILITY, STANDINGS

_STATUS = {
    CaseStatus.AWAITING_DISPATCH: mark("待分派"),
    CaseStatus.DISPATCHED: mark("待响应"),
    CaseStatus.IN_PROGRESS: mark("办理中"),
    CaseStatus.SUSPENDED: mark("挂账中"),
    CaseStatus.AWAITING_MATERIALS: mark("待补材料"),
    CaseStatus.AWAITING_VERIFICATION: mark("待核查"),
    CaseStatus.AWAITING_ANSWER: mark("待群众答复"),
    CaseStatus.CLOSED: mark("已结案"),
    CaseStatus.WITHDRAWN: mark("已撤回"),
}
_OUTCOME = {
    Outcome.SOLVED: mark("已解决"),
    Outcome.UNANSWERED: mark("群众未答复"),
    Outcome.APPROVED: mark("准予"),
    Outcome.REFUSED: mark("不予"),
    Outcome.WITHDRAWN: mark("已撤回"),
    Outcome.LAPSED: mark("逾期失效"),
}
_LIGHT = {Light.GREEN: mark("绿"), Light.YELLOW: mark("黄"), Light.RED: mark("红")}
_SOURCE = {
    Source.HOTLINE: mark("热线"),
    Source.DESK: mark("窗口"),
    Source.OFFICER: mark("网格员"),
    Source.API: mark("系统对接"),
    Source.RESIDENT: mark("群众"),
}
_ROLE = {
    Role.INTAKE_CLERK: mark("窗口受理员"),
    Role.GRID_OFFICER: mark("网格员"),
    Role.HANDLER: mark("承办人"),
    Role.UNIT_LEADER: mark("单位负责人"),
    Role.SUPERVISOR: mark("监管员"),
    Role.ORGANIZATION_OFFICER: mark("组织干部"),
    Role.DISCIPLINE_OFFICER: mark("纪检干部"),
    Role.STATISTICIAN: mark("统计员"),
    Role.AUDITOR: mark("审计员"),
    Role.ADMINISTRATOR: mark("管理员"),
}
_STEP = {
    StepStatus.WAITING: mark("未开始"),
    StepStatus.DISPATCHED: mark("待响应"),
    StepStatus.IN_PROGRESS: mark("办理中"),
    StepStatus.PAUSED: mark("暂停计时"),
    StepStatus.OUTSIDE: mark("外部办理"),
    StepStatus.DONE: mark("已办结"),
    StepStatus.SKIPPED: mark("不需要"),
    StepStatus.RELEASED: mark("已终止"),
}
_UNIT_KIND = {
    UnitKind.CENTRE: mark("监管中心"),
    UnitKind.DEPARTMENT: mark("部门"),
    UnitKind.COMMUNITY: mark("社区"),
    UnitKind.DESK: mark("窗口"),
    UnitKind.POLICE: mark("公安"),
    UnitKind.ORGANIZATION: mark("组织部门"),
    UnitKind.DISCIPLINE: mark("纪检监察"),
}
_INTERVIEW = {
    InterviewStatus.TO_CONVENE: mark("待召集"),
    InterviewStatus.CONVENED: mark("已通知"),
    InterviewStatus.HELD: mark("已约谈"),
    InterviewStatus.RECTIFYING: mark("整改中"),
    InterviewStatus.CLOSED: mark("已完结"),
    InterviewStatus.WAIVED: mark("免予约谈"),
    InterviewStatus.WITHDRAWN: mark("已撤销"),
}
_EXTENSION = {
    ExtensionStatus.PENDING: mark("待决定"),
    ExtensionStatus.GRANTED: mark("已同意"),
    ExtensionStatus.REFUSED: mark("未同意"),
    ExtensionStatus.LAPSED: mark("逾期失效"),
    ExtensionStatus.MOOT: mark("已无必要"),
}
_APPEAL = {
    AppealStatus.PENDING: mark("申诉中"),
    AppealStatus.UPHELD: mark("申诉成立"),
    AppealStatus.DISMISSED: mark("申诉不成立"),
}
_TALK = {TalkKind.LEADER_INTERVIEW: mark("约谈主要负责人"), TalkKind.ADMONITION_TALK: mark("直接责任人诫勉谈话")}
_POINTS = {PointsReason.RED_CARD: mark("红牌扣分"), PointsReason.APPEAL_UPHELD: mark("申诉成立，返还")}
_COMMAND = {
    CommandKind.DISPATCH: mark("交办"),
    CommandKind.ACKNOWLEDGE: mark("响应并安排"),
    CommandKind.PROGRESS: mark("填报进展"),
    CommandKind.URGE: mark("催办"),
    CommandKind.TAKE_OVER: mark("接手险情"),
    CommandKind.RETURN: mark("退单"),
    CommandKind.RULE_RETURN: mark("裁定退单"),
    CommandKind.REQUEST_EXTENSION: mark("申请延期"),
    CommandKind.DECIDE_EXTENSION: mark("决定延期"),
    CommandKind.SUSPEND: mark("挂账"),
    CommandKind.RESUME: mark("恢复计时"),
    CommandKind.COMPLETE: mark("办结"),
    CommandKind.VERIFY: mark("核查"),
    CommandKind.RATE: mark("登记群众答复"),
    CommandKind.APPEAL: mark("申诉"),
    CommandKind.RULE_APPEAL: mark("裁定申诉"),
    CommandKind.WITHDRAW: mark("撤回"),
    CommandKind.JOIN: mark("并入反映"),
    CommandKind.ASSIST: mark("增加协办单位"),
    CommandKind.CONVENE: mark("召集约谈"),
    CommandKind.WAIVE: mark("决定免予约谈"),
    CommandKind.KEEP_MINUTES: mark("记录谈话"),
    CommandKind.RECTIFY: mark("明确整改"),
    CommandKind.CHECK: mark("检查整改"),
    CommandKind.COMPLETE_STEP: mark("办结环节"),
    CommandKind.CONFIRM_HANDOFF: mark("登记外部接收"),
    CommandKind.REQUEST_MATERIALS: mark("一次性告知补正"),
    CommandKind.BRING_MATERIALS: mark("登记补交材料"),
}
_MATERIAL = {
    MaterialState.GIVEN: mark("已收"),
    MaterialState.ASKED: mark("已通知补交"),
    MaterialState.MISSING: mark("未交"),
}
_STEP_KIND = {StepKind.INSIDE: mark("本级办理"), StepKind.OUTSIDE: mark("上级或外部办理")}
_APPLICANT = {
    ApplicantKind.PERSON: mark("个人"),
    ApplicantKind.SELF_EMPLOYED: mark("个体工商户"),
    ApplicantKind.ENTERPRISE: mark("企业"),
    ApplicantKind.ORGANIZATION: mark("其他组织"),
}
_ITEM_KIND = {
    ItemKind.LICENCE: mark("行政许可"),
    ItemKind.CONFIRMATION: mark("行政确认"),
    ItemKind.PAYMENT: mark("行政给付"),
    ItemKind.REWARD: mark("行政奖励"),
    ItemKind.RULING: mark("行政裁决"),
    ItemKind.COLLECTION: mark("行政征收"),
    ItemKind.OTHER_POWER: mark("其他行政权力"),
    ItemKind.PUBLIC_SERVICE: mark("公共服务"),
}
_PAPER = {
    IdentityKind.RESIDENT: mark("居民身份证"),
    IdentityKind.REGIONAL_RESIDENT: mark("港澳台居民居住证"),
    IdentityKind.FOREIGN_RESIDENT: mark("外国人永久居留证"),
    IdentityKind.PASSPORT: mark("护照"),
    IdentityKind.HONG_KONG_MACAO_TRAVEL: mark("港澳居民来往内地通行证"),
    IdentityKind.TAIWAN_TRAVEL: mark("台湾居民来往大陆通行证"),
}
_REGISTER = {
    RegisterField.NAME: mark("姓名"),
    RegisterField.SEX: mark("性别"),
    RegisterField.BORN_ON: mark("出生日期"),
    RegisterField.PHONE: mark("电话"),
    RegisterField.ADDRESS: mark("地址"),
    RegisterField.GRID: mark("网格"),
    RegisterField.HOUSEHOLD_ADDRESS: mark("户籍地址"),
    RegisterField.HOUSEHOLD_SIZE: mark("家庭人口"),
    RegisterField.MARITAL_STATUS: mark("婚姻状况"),
    RegisterField.CHILDREN: mark("子女情况"),
    RegisterField.EMPLOYMENT: mark("就业情况"),
    RegisterField.EMPLOYER: mark("工作单位"),
    RegisterField.MONTHLY_INCOME: mark("月收入"),
    RegisterField.EDUCATION: mark("学历"),
    RegisterField.PENSION: mark("养老保险"),
    RegisterField.MEDICAL_INSURANCE: mark("医疗保险"),
    RegisterField.DISABILITY: mark("残疾情况"),
    RegisterField.HOUSING: mark("住房情况"),
    RegisterField.SERVICE_RECORD: mark("服役情况"),
}
_LIKENESS = {
    Likeness.SAME_GRID: mark("同一网格"),
    Likeness.NEAR: mark("地点相近"),
    Likeness.SAME_CATEGORY: mark("同一类别"),
    Likeness.SAME_GROUP: mark("同类问题"),
    Likeness.SAME_WORDS: mark("说法相近"),
}
_KIND = {DossierKind.INCIDENT: mark("事件"), DossierKind.SERVICE_REQUEST: mark("办件")}

NAMES: Mapping[type[StrEnum], Mapping[Any, str]] = {
    CaseStatus: _STATUS,
    Outcome: _OUTCOME,
    Light: _LIGHT,
    Source: _SOURCE,
    Role: _ROLE,
    UnitKind: _UNIT_KIND,
    InterviewStatus: _INTERVIEW,
    ExtensionStatus: _EXTENSION,
    AppealStatus: _APPEAL,
    TalkKind: _TALK,
    PointsReason: _POINTS,
    CommandKind: {**_COMMAND, **OF_ACCOUNTABILITY},
    DossierKind: _KIND,
    StepStatus: _STEP,
    StepKind: _STEP_KIND,
    MaterialState: _MATERIAL,
    ApplicantKind: _APPLICANT,
    ItemKind: _ITEM_KIND,
    IdentityKind: _PAPER,
    RegisterField: _REGISTER,
    Likeness: _LIKENESS,
    **ADMINISTRATION,
    **OF_LOOKS,
    **STANDINGS,
    **RULES,
}

_USUAL_OUTCOMES = {PASSED: mark("通过"), TURNED_DOWN: mark("不予通过")}
_LIMITS = {
    LimitUnit.SECONDS: mark("{n} 秒"),
    LimitUnit.MINUTES: mark("{n} 分钟"),
    LimitUnit.HOURS: mark("{n} 小时"),
    LimitUnit.WORKING_HOURS: mark("{n} 个工作小时"),
    LimitUnit.WORKING_DAYS: mark("{n} 个工作日"),
    LimitUnit.DAYS: mark("{n} 个自然日"),
}


class Named(Protocol):
    """Something of the rulebook, which has two names."""

    @property
    def name(self) -> str:
        """In Chinese."""
        ...

    @property
    def name_en(self) -> str:
        """In English."""
        ...


class Words:
    """Words in one language."""

    def __init__(self, say: Say, language: Language) -> None:
        self.say = say
        self._language = language

    def word(self, member: StrEnum) -> str:
        """What a member of a closed set is called."""
        return self.say(NAMES[type(member)].get(member, member.value))

    def named(self, thing: "Named") -> str:
        """The name of something of the rulebook, which has two."""
        return thing.name_en if self._language is Language.ENGLISH and thing.name_en else thing.name

    def called(self, thing: Mapping[str, Any]) -> str:
        """The name of something that is told with two: ``name`` and ``name_en``."""
        return str(thing["name_en"] if self._language is Language.ENGLISH and thing.get("name_en") else thing["name"])

    def outcome(self, step: StepRule | None, code: str) -> str:
        """What an outcome of a step is called; one that the item does not name is one of the usual ones."""
        rule = next((rule for rule in step.outcomes if rule.code == code), None) if step else None
        return self.named(rule) if rule else self.say(_USUAL_OUTCOMES.get(code, code))

    def limit(self, text: str) -> str:
        """A limit of the rulebook, ``5 working days``."""
        parsed = Limit.parse(text)
        return self.say(_LIMITS[parsed.unit], n=parsed.amount)
