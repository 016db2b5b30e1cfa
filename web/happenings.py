"""What happened, in a sentence: an event and its data, told to a person. Timelines and notices read alike."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from domain.catalogue.items import Item
from domain.plain import instant
from domain.vocabulary import EventType, Outcome, TalkKind
from web.language import mark
from web.times import Times
from web.words import Words

_E = EventType

_SENTENCES: Final[Mapping[EventType, str]] = {
    _E.RECEIVED: mark("受理登记"),
    _E.TRIAGE_MISSED: mark("超时未分派"),
    _E.DISPATCHED: mark("交办给{unit}"),
    _E.REDISPATCHED: mark("改派给{unit}"),
    _E.ALARM_RAISED: mark("发出险情警报"),
    _E.ALARM_TAKEN_OVER: mark("险情已有人接手"),
    _E.ACK_MISSED: mark("{unit}超时未响应"),
    _E.ACK_ESCALATED: mark("{unit}仍未响应，再次上报"),
    _E.ACKNOWLEDGED: mark("{unit}已响应，由{handler}承办"),
    _E.PROGRESSED: mark("填报进展"),
    _E.URGED: mark("催办，须在{answer_by}前答复"),
    _E.URGING_UNANSWERED: mark("{unit}逾期未答复催办"),
    _E.EXTENSION_REMINDED: mark("提醒：{extension_by}后不能再申请延期"),
    _E.EXTENSION_REQUESTED: mark("申请延期至{until}"),
    _E.EXTENSION_GRANTED: mark("同意延期，新期限{due_at}"),
    _E.EXTENSION_REFUSED: mark("不同意延期"),
    _E.EXTENSION_LAPSED: mark("延期申请到期未决定，失效"),
    _E.TURNED_YELLOW: mark("亮黄灯，期限{due_at}"),
    _E.TURNED_RED: mark("亮红灯，{unit}逾期未办结"),
    _E.RED_CARD_ISSUED: mark("向{unit}发出红牌"),
    _E.POINTS_DEDUCTED: mark("{unit}扣 {points} 分"),
    _E.INTERVIEW_OPENED: mark("启动约谈，须在{convene_by}前召集"),
    _E.SUSPENDED: mark("挂账，至{resume_at}恢复计时"),
    _E.RESUMED: mark("恢复计时"),
    _E.RETURNED: mark("{unit}申请退单"),
    _E.RETURN_REFUSED: mark("不同意退单"),
    _E.RETURN_ACCEPTED: mark("同意退单"),
    _E.COMPLETED: mark("办结，等待核查"),
    _E.VERIFICATION_MISSED: mark("超时未核查"),
    _E.VERIFIED: mark("核查：已解决"),
    _E.REOPENED: mark("重新办理，第 {round} 轮"),
    _E.RATED: mark("群众答复：已解决"),
    _E.CLOSED: mark("结案"),
    _E.WITHDRAWN: mark("撤回"),
    _E.ARCHIVED: mark("归档"),
    _E.REPORT_JOINED: mark("同一件事又有人反映，已并入"),
    _E.APPEALED: mark("{unit}对红牌提出申诉"),
    _E.APPEAL_UPHELD: mark("申诉成立，撤销红牌"),
    _E.APPEAL_DISMISSED: mark("申诉不成立"),
    _E.POINTS_RESTORED: mark("返还{unit} {points} 分"),
    _E.RELEASED: mark("协办终止"),
    _E.HANDED_OUT: mark("转外部环节办理"),
    _E.HANDOFF_CONFIRMED: mark("外部已接收"),
    _E.HANDOFF_STUCK: mark("外部迟未接收"),
    _E.OUTSIDE_OVERDUE: mark("外部环节超过参考时间"),
    _E.OUTSIDE_CHASED: mark("催促外部环节"),
    _E.STEP_COMPLETED: mark("环节办结：{outcome}"),
    _E.STEP_SKIPPED: mark("环节跳过"),
    _E.MATERIALS_REQUESTED: mark("一次性告知补正材料"),
    _E.MATERIALS_RECEIVED: mark("收到补正材料"),
    _E.REBASED: mark("按新日历重新计算期限"),
    _E.OPENED: mark("立档"),
    _E.CONVENE_MISSED: mark("超时未召集"),
    _E.CONVENED: mark("通知约谈，时间{at}"),
    _E.MINUTES_KEPT: mark("谈话已记录"),
    _E.MINUTES_MISSED: mark("超时未交谈话记录"),
    _E.HELD: mark("约谈已进行"),
    _E.RECTIFICATION_SET: mark("明确整改，期限{due_on}"),
    _E.RECTIFICATION_DUE: mark("整改期限已到"),
    _E.CHECKED: mark("整改检查通过"),
    _E.CHECK_MISSED: mark("超时未检查整改"),
    _E.WAIVED: mark("决定免予约谈"),
    _E.FINDINGS_RECORDED: mark("调查结论已记录"),
    _E.FINDINGS_MISSED: mark("超时未提交调查结论"),
    _E.DECIDED: mark("作出问责决定"),
    _E.DECISION_MISSED: mark("超时未作问责决定"),
}
_SHORT: Final[Mapping[EventType, str]] = {
    **_SENTENCES,
    _E.DISPATCHED: mark("已交办"),
    _E.REDISPATCHED: mark("已改派"),
    _E.ACKNOWLEDGED: mark("已签收并安排"),
    _E.EXTENSION_GRANTED: mark("同意延期"),
    _E.SUSPENDED: mark("暂缓办理"),
    _E.COMPLETED: mark("办完，等待核查"),
    _E.STEP_COMPLETED: mark("办完一个环节"),
    _E.VERIFIED: mark("核查完毕"),
    _E.REOPENED: mark("重新办理"),
    _E.RATED: mark("您已答复"),
}
"""Without a name or an instant in it."""

DECIDED: Final = mark("作出决定")
"""What the completion of a service request is: nobody verifies it."""
_OF_REQUEST: Final[Mapping[EventType, str]] = {_E.COMPLETED: DECIDED, _E.RELEASED: mark("不再需要办理")}
_OF_STEP: Final = mark("{step}：{what}")
_LISTED: Final = mark("、")
_LATE: Final = mark("{unit}迟到响应，由{handler}承办")
_NO: Final[Mapping[EventType, tuple[str, str]]] = {
    _E.VERIFIED: ("solved", mark("核查：未解决")),
    _E.RATED: ("solved", mark("群众答复：未解决")),
    _E.CHECKED: ("passed", mark("整改检查未通过")),
}
"""What is said when the named field is false."""

_ENDINGS: Final[Mapping[str, str]] = {
    Outcome.SOLVED: mark("结案：已解决"),
    Outcome.UNANSWERED: mark("结案：群众未答复"),
    Outcome.APPROVED: mark("结案：准予"),
    Outcome.REFUSED: mark("结案：不予"),
    Outcome.LAPSED: mark("结案：逾期失效"),
}
_TALKS: Final[Mapping[str, str]] = {
    TalkKind.LEADER_INTERVIEW: mark("主要负责人约谈已记录"),
    TalkKind.ADMONITION_TALK: mark("诫勉谈话已记录"),
}
_BAD: Final = frozenset(
    {_E.ACK_MISSED, _E.ACK_ESCALATED, _E.TURNED_RED, _E.RED_CARD_ISSUED, _E.POINTS_DEDUCTED, _E.ALARM_RAISED,
     _E.URGING_UNANSWERED, _E.EXTENSION_LAPSED, _E.TRIAGE_MISSED, _E.VERIFICATION_MISSED, _E.CONVENE_MISSED,
     _E.MINUTES_MISSED, _E.CHECK_MISSED, _E.FINDINGS_MISSED, _E.DECISION_MISSED, _E.REOPENED}
)  # fmt: skip
_WARN: Final = frozenset({_E.TURNED_YELLOW, _E.URGED, _E.EXTENSION_REMINDED, _E.RETURNED, _E.INTERVIEW_OPENED})
_GOOD: Final = frozenset({_E.VERIFIED, _E.CLOSED, _E.COMPLETED, _E.APPEAL_UPHELD, _E.CHECKED, _E.STEP_COMPLETED})
_MOMENT: Final = timedelta(seconds=1)
_TEXTS: Final = (
    "reference", "plan", "reason", "note", "result", "place", "person", "text", "measures", "measure", "comment",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a timeline. ``after``: how long after the one before it, None for the first."""

    seq: int
    at: datetime
    sentence: str
    tone: str
    actor: str | None
    texts: tuple[str, ...]
    after: str | None
    score: int | None


class _Missing(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "—"


class Happenings:
    """Events in one language. ``units`` and ``people``: what codes and usernames are called; ``item``: what for."""

    def __init__(
        self,
        words: Words,
        times: Times,
        units: Mapping[str, str],
        people: Mapping[str, str],
        item: Item | None = None,
    ) -> None:
        self._words = words
        self._times = times
        self._units = units
        self._people = people
        self._item = item

    def sentence(self, kind: EventType, data: Mapping[str, Any], *, applied: bool = False) -> str:
        """What happened. ``applied``: to a service request, although its item is not known."""
        said = self._words.say(self._template(kind, data, applied)).format_map(_Missing(self._values(data)))
        step = self._item.step(data.get("part") or data.get("step") or "") if self._item else None
        return self._words.say(_OF_STEP, step=self._words.named(step), what=said) if step else said

    def _template(self, kind: EventType, data: Mapping[str, Any], applied: bool) -> str:
        """Where the item is not known, an outcome has no name; of a request, nobody verifies the end."""
        if (self._item or applied) and kind in _OF_REQUEST:
            return _OF_REQUEST[kind]
        return _SHORT[kind] if self._item is None and kind is _E.STEP_COMPLETED else _template(kind, data)

    def short(self, kind: EventType) -> str:
        """What happened, to whoever is told no more of it than that."""
        return self._words.say(_SHORT[kind])

    def timeline(self, events: Iterable[Mapping[str, Any]]) -> list[Step]:
        """The events as lines, newest first, each with the time that passed before it."""
        steps: list[Step] = []
        before: datetime | None = None
        for event in events:
            kind, data, at = event["type"], event["data"], event["at"]
            steps.append(
                Step(
                    seq=event["seq"],
                    at=at,
                    sentence=self.sentence(kind, data),
                    tone=_tone(kind, data),
                    actor=self._people.get(event["actor"], event["actor"]) if event["actor"] else None,
                    texts=(*self._materials(data), *_texts(data)),
                    after=self._times.span(at - before) if before is not None and at - before >= _MOMENT else None,
                    score=data.get("score"),
                )
            )
            before = at
        return steps[::-1]

    def _materials(self, data: Mapping[str, Any]) -> list[str]:
        """What the materials are called that were asked for or brought."""
        if self._item is None or not data.get("codes"):
            return []
        rules = [self._item.material(code) for code in data["codes"]]
        return [self._words.say(_LISTED).join(self._words.named(rule) for rule in rules if rule)]

    def _values(self, data: Mapping[str, Any]) -> dict[str, str]:
        values = {name: self._value(name, value, data) for name, value in data.items() if value is not None}
        if "points" in data:
            values["points"] = str(abs(int(data["points"])))
        return values

    def _value(self, name: str, value: Any, data: Mapping[str, Any]) -> str:
        if name == "outcome":
            return self._outcome(data)
        if name == "unit":
            return self._units.get(value, str(value))
        if name == "handler":
            return self._people.get(value, str(value))
        if isinstance(value, str) and (name.endswith(("_at", "_by", "_on")) or name in ("at", "until")):
            return f" {self._times.stamp(instant(value))} "
        return str(value)

    def _outcome(self, data: Mapping[str, Any]) -> str:
        """What the outcome of a step is called."""
        step = self._item.step(data.get("part") or "") if self._item else None
        return self._words.outcome(step, data["outcome"])


def _texts(data: Mapping[str, Any]) -> Iterator[str]:
    return (data[name] for name in _TEXTS if data.get(name) and isinstance(data[name], str))


def people_in(events: Iterable[Mapping[str, Any]]) -> set[str]:
    """The usernames that the events name."""
    found = {event["actor"] for event in events} | {event["data"].get("handler") for event in events}
    return {name for name in found if name}


def _template(kind: EventType, data: Mapping[str, Any]) -> str:
    if kind is _E.ACKNOWLEDGED and data.get("late"):
        return _LATE
    if kind in _NO:
        name, text = _NO[kind]
        if data.get(name) is False:
            return text
    if kind is _E.CLOSED and data.get("outcome") in _ENDINGS:
        return _ENDINGS[data["outcome"]]
    if kind is _E.MINUTES_KEPT and data.get("kind") in _TALKS:
        return _TALKS[data["kind"]]
    return _SENTENCES[kind]


def _tone(kind: EventType, data: Mapping[str, Any]) -> str:
    refused = kind in _NO and data.get(_NO[kind][0]) is False
    if kind in _BAD or refused or (kind is _E.ACKNOWLEDGED and data.get("late")):
        return "bad"
    if kind in _WARN:
        return "warn"
    return "good" if kind in _GOOD else "plain"
