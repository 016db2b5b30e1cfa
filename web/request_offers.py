"""What a person may ask of a service request and of its open steps now, and why not the rest: all tried, as
``web.offers`` tries the commands on an incident."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from api.command_table import CASE_COMMANDS, CommandLine
from api.kinds import CASES
from domain.authority import may
from domain.catalogue.items import Item
from domain.holding.state import Part
from domain.service.flow import USUAL_OUTCOMES
from domain.service.request import ServiceRequest
from domain.vocabulary import AppealStatus, CommandKind, ExtensionStatus, OutcomeEffect
from web.offers import TRIAL, Offer, Trial, as_of, next_working_day, on_trial, refusal_of
from web.request_forms import FIELDS, to_step, to_whole
from web.words import Words

_K = CommandKind
_LINES: Final = {line.kind: line for line in CASE_COMMANDS}
_WEEK: Final = timedelta(days=7)
_NOT_MINE: Final = frozenset({"not_holder", "part_ambiguous"})
"""Somebody else's to give: no reason to tell of it."""

_FIRST: Final = (
    _K.ACKNOWLEDGE,
    _K.RULE_RETURN,
    _K.DECIDE_EXTENSION,
    _K.RULE_APPEAL,
    _K.CONFIRM_HANDOFF,
    _K.COMPLETE_STEP,
    _K.RATE,
    _K.RESUME,
    _K.BRING_MATERIALS,
)

Options = dict[str, tuple[tuple[str, str], ...]]


def request_offers(trial: Trial, item: Item | None, words: Words, only: CommandKind | None = None) -> list[Offer]:
    """The commands on a service request: those to its open steps, then those to the whole. ``only``: just this one."""
    request = as_of(_of(trial), trial.at)
    tried = Trials(replace(trial, found=replace(trial.found, value=request)), item, words, only)
    found = [offer for part in request.open_parts for offer in tried.to_part(part)]
    return [*found, *tried.to_request()]


def main_request_offer(offers: list[Offer]) -> Offer | None:
    """What is to be done first."""
    possible = [offer for offer in offers if offer.refused is None]
    return next((offer for kind in _FIRST for offer in possible if offer.kind is kind), None)


class Trials:
    """The commands of one person on one service request, each tried on a made-up body."""

    def __init__(self, trial: Trial, item: Item | None, words: Words, only: CommandKind | None = None) -> None:
        self._trial = trial
        self._item = item
        self._words = words
        self._only = only
        self._request = _of(trial)

    def to_part(self, part: Part) -> Iterator[Offer]:
        """What may be asked of an open step."""
        for line in self._lines(to_step(outside=part.outside is not None)):
            named = _named(line, part)
            if named is None:
                continue
            sample = self._sample(line.kind, part)
            refused = self._tried(line, sample, {**named, "part": part.key})
            if refused in _NOT_MINE:
                continue
            yield Offer(
                line=line, fields=FIELDS[line.kind], refused=refused, step=part.key, named=named,
                defaults=_defaults(sample), options=self._outcomes(line.kind, part.key),
            )  # fmt: skip

    def to_request(self) -> Iterator[Offer]:
        """What may be asked of the whole."""
        for line in self._lines(to_whole()):
            options = self._materials(line.kind)
            if not self._about_something(line.kind, options):
                continue
            sample = self._sample(line.kind, None)
            refused = self._tried(line, sample, {})
            if refused not in _NOT_MINE:
                fields, defaults = FIELDS[line.kind], _defaults(sample)
                yield Offer(line=line, fields=fields, refused=refused, defaults=defaults, options=options)

    def _lines(self, kinds: tuple[CommandKind, ...]) -> list[CommandLine]:
        standing = self._trial.found.standing
        wanted = [kind for kind in kinds if self._only in (None, kind)]
        return [_LINES[kind] for kind in wanted if may(self._trial.actor, kind, standing)]

    def _tried(self, line: CommandLine, sample: dict[str, Any], named: dict[str, str]) -> str | None:
        trial = self._trial

        def give() -> object:
            body = line.schema.model_construct(**dict.fromkeys(line.schema.model_fields) | sample)
            concerned = CASES.concerned(trial.connection, trial.found, trial.actor, line.kind, named)
            data = {**line.resolver(trial.rules, concerned, body, trial.at), **named}
            return self._request.decide(on_trial(line, trial.actor, trial.at, data))

        return refusal_of(give)

    def _about_something(self, kind: CommandKind, options: Options) -> bool:
        """Whether there is anything that the command could be about."""
        cards = self._request.red_cards
        match kind:
            case _K.REQUEST_MATERIALS | _K.BRING_MATERIALS:
                return bool(options["codes"])
            case _K.APPEAL:
                return any(card.unit == self._trial.actor.unit for card in cards)
            case _K.RULE_APPEAL:
                return any(card.appeal is AppealStatus.PENDING for card in cards)
        return True

    def _sample(self, kind: CommandKind, part: Part | None) -> dict[str, Any]:
        """A body that the rules have nothing against, as far as its fields go."""
        match kind:
            case _K.DISPATCH:
                return {"unit": TRIAL, "assisting": ()}
            case _K.REQUEST_EXTENSION:
                promise = part.promise if part else None
                return {"until": next_working_day(self._trial.rules, promise, self._trial.at)}
            case _K.COMPLETE_STEP:
                return {"outcome": self._going_on(part), "note": ""}
            case _K.REQUEST_MATERIALS | _K.BRING_MATERIALS:
                return {"codes": [code for code, _ in self._materials(kind)["codes"]]}
            case _K.SUSPEND:
                return {"resume_at": self._trial.at + _WEEK}
            case _K.APPEAL:
                own = [card.id for card in self._request.red_cards if card.unit == self._trial.actor.unit]
                return {"card": own[-1] if own else None}
        return {_ANSWERS[kind]: kind is _K.RATE} if kind in _ANSWERS else {}

    def _going_on(self, part: Part | None) -> str:
        step = self._request.flow.step(part.key) if part else None
        outcomes = (step.outcomes if step else ()) or USUAL_OUTCOMES
        going_on = [known.code for known in outcomes if known.effect is not OutcomeEffect.REFUSE]
        return (going_on or [outcomes[0].code])[0]

    def _outcomes(self, kind: CommandKind, key: str) -> Options:
        step = self._request.flow.step(key)
        if kind is not _K.COMPLETE_STEP or step is None:
            return {}
        rule = self._item.step(key) if self._item else None
        known = [outcome.code for outcome in step.outcomes or USUAL_OUTCOMES]
        return {"outcome": tuple((code, self._words.outcome(rule, code)) for code in known)}

    def _materials(self, kind: CommandKind) -> Options:
        """Those that are not there; those that were asked for stand first."""
        if kind not in (_K.REQUEST_MATERIALS, _K.BRING_MATERIALS):
            return {}
        found = self._request.materials
        ordered = dict.fromkeys((*found.asked, *found.needed, *found.may_follow, *found.optional))
        return {"codes": tuple((code, self._material(code)) for code in ordered if code not in found.given)}

    def _material(self, code: str) -> str:
        rule = self._item.material(code) if self._item else None
        return self._words.named(rule) if rule else code


_ANSWERS: Final = {_K.RULE_RETURN: "accept", _K.DECIDE_EXTENSION: "grant", _K.RULE_APPEAL: "uphold", _K.RATE: "solved"}


def _of(trial: Trial) -> ServiceRequest:
    request: ServiceRequest = trial.found.value
    return request


def _named(line: CommandLine, part: Part) -> dict[str, str] | None:
    """What the form names beside its fields; None: the step has nothing that the command could be about."""
    if line.kind is _K.RULE_RETURN and not part.return_pending:
        return None
    if line.kind is _K.DECIDE_EXTENSION:
        pending = next((each.id for each in part.extensions if each.status is ExtensionStatus.PENDING), None)
        return {"extension": pending} if pending else None
    return {"part" if "{part}" in line.path else "step": part.key}


def _defaults(sample: dict[str, Any]) -> dict[str, Any]:
    return {name: sample[name] for name in ("until", "resume_at") if name in sample}
