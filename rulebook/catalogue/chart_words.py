"""What a flow chart says, in Chinese and in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.catalogue.items import Holder, HolderKind, Item, StepRule
from domain.limits import Limit, LimitUnit
from domain.service.flow import Condition
from domain.vocabulary import OutcomeEffect, StepKind


class Language(StrEnum):
    """In which language a chart speaks."""

    CHINESE = "zh"
    ENGLISH = "en"


_UNITS: Final = {
    LimitUnit.SECONDS: "秒",
    LimitUnit.MINUTES: "分钟",
    LimitUnit.HOURS: "小时",
    LimitUnit.WORKING_HOURS: "个工作小时",
    LimitUnit.WORKING_DAYS: "个工作日",
    LimitUnit.DAYS: "天",
}
_WORDS: Final = {
    Language.CHINESE: {
        "start": "受理", "end": "办结", "flow": "办理流程", "limit": "时限", "reference": "参考", "outside": "外部环节",
        "community": "所在社区", "if": "仅当", "unless": "除非", "ends": "结束", "after": "之后", "given": "已提交",
        "first": "受理后", "draft": "未定时限", "done": "已办",
    },
    Language.ENGLISH: {
        "start": "Received", "end": "Done", "flow": "Flow of", "limit": "Limit", "reference": "Reference",
        "outside": "Outside", "community": "Community", "if": "Only if", "unless": "Unless", "ends": "Ends",
        "after": "After", "given": "handed in", "first": "After receipt", "draft": "no limit yet", "done": "done",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one chart. ``names``: of units and lines, by code."""

    language: Language
    names: Mapping[str, str]

    def word(self, name: str) -> str:
        """A fixed word."""
        return _WORDS[self.language][name]

    def title(self, item: Item) -> str:
        """What the chart is of."""
        chinese = self.language is Language.CHINESE
        return f"{item.name}{self.word('flow')}" if chinese else f"{self.word('flow')} {item.name_en}"

    def name(self, named: StepRule) -> str:
        """Of a step."""
        return named.name if self.language is Language.CHINESE else named.name_en

    def holder(self, holder: Holder) -> str:
        """Who holds a step."""
        if holder.kind is HolderKind.COMMUNITY or holder.code is None:
            return self.word("community")
        return self.names.get(holder.code, holder.code)

    def limit(self, limit: Limit) -> str:
        """``5 个工作日``, ``5 working days``."""
        return f"{limit.amount} {_UNITS[limit.unit]}" if self.language is Language.CHINESE else str(limit)

    def time(self, step: StepRule) -> str:
        """The limit of an inside step, the reference time of an outside one."""
        if step.kind is StepKind.INSIDE:
            return f"{self.word('limit')} {self.limit(step.limit) if step.limit else self.word('draft')}"
        first, last = step.reference_min, step.reference_max
        if last is None:
            return self.word("reference")
        span = "" if first is None or first == last else f"{first.amount}–"
        return f"{self.word('reference')} {span}{self.limit(last)}"

    def condition(self, condition: Condition, item: Item) -> str:
        """When a step is needed."""
        when = self.word("unless" if condition.negated else "if")
        if condition.material is not None:
            material = item.material(condition.material)
            named = condition.material if material is None else self._of(material.name, material.name_en)
            return f"{when} {named} {self.word('given')}"
        step = item.step(condition.step or "")
        if step is None:
            return f"{when} {condition.step}"
        outcome = next((found for found in step.outcomes if found.code == condition.outcome), None)
        result = self.word("done") if outcome is None else self._of(outcome.name, outcome.name_en)
        return f"{when} {self.name(step)}: {result}"

    def refusals(self, step: StepRule) -> str:
        """With which outcomes the request ends at this step; empty when with none."""
        ending = [
            self._of(found.name, found.name_en) for found in step.outcomes if found.effect is not OutcomeEffect.GO_ON
        ]
        return f"{self.word('ends')}: {', '.join(ending)}" if ending else ""

    def lines(self, step: StepRule, item: Item) -> tuple[str, ...]:
        """What stands in the box of a step, the name first."""
        told = [self.name(step), self.holder(step.holder), self.time(step)]
        if step.kind is StepKind.OUTSIDE:
            told.insert(2, self.word("outside"))
        if step.only_if is not None:
            told.append(self.condition(step.only_if, item))
        return tuple(told)

    def description(self, item: Item) -> str:
        """The whole chart in a paragraph, for those who do not see it."""
        told = []
        for step in item.steps:
            before = [self.name(found) for key in step.after if (found := item.step(key)) is not None]
            behind = f"{self.word('after')} {', '.join(before)}" if before else self.word("first")
            told.append(
                f"{behind}: {'; '.join(part for part in (*self.lines(step, item), self.refusals(step)) if part)}."
            )
        return " ".join(told)

    def _of(self, name: str, name_en: str) -> str:
        return name if self.language is Language.CHINESE else name_en
