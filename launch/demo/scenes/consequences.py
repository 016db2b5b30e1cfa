"""Scenes of what follows: red cards, appeals, interview files, accountability files, danger."""

from typing import Any

from domain.vocabulary import Consequence, DecisionFor, EventType, Role, TalkKind
from launch.demo.incident import Incident
from launch.demo.story import Story, in_days


async def _carded(story: Story) -> Incident:
    """A fast track that was not fast enough: acknowledged, and red."""
    incident = await Incident.reported(story, "fast")
    await incident.acknowledged()
    await story.happened(incident.number, EventType.INTERVIEW_OPENED)
    await incident.looked_up()
    return incident


async def red(story: Story) -> None:
    """Red, and still not done."""
    incident = await _carded(story)
    await story.rest(300, 1800)
    await incident.ended()


async def _appealed(story: Story) -> Incident:
    incident = await _carded(story)
    await story.beat()
    await incident.does(story.cast.worker(incident.unit), "appeal", reason=story.say("appeal"))
    return incident


async def appealed(story: Story) -> None:
    """The unit appeals, and waits."""
    incident = await _appealed(story)
    await story.rest(300, 1500)
    await _ruled(story, incident, uphold=False)
    await incident.ended()


async def appeal_upheld(story: Story) -> None:
    """The card is reversed and the interview file withdrawn."""
    incident = await _appealed(story)
    await story.beat()
    await _ruled(story, incident, uphold=True)
    await story.rest()
    await incident.ended()


async def appeal_dismissed(story: Story) -> None:
    """The card stays."""
    incident = await _appealed(story)
    await _ruled(story, incident, uphold=False)
    await story.rest()
    await incident.ended()


async def _ruled(story: Story, incident: Incident, *, uphold: bool) -> None:
    note = story.say("appeal_upheld" if uphold else "appeal_dismissed")
    await incident.does(story.supervisor, "appeal/ruling", uphold=uphold, note=note)


async def convened(story: Story) -> None:
    """The leader is asked to come."""
    incident = await _carded(story)
    await _file(story, incident, "convocation", at=in_days(2), place=story.say("convene_place"))
    await story.rest()
    await incident.ended()


async def waived(story: Story) -> None:
    """No interview, and why."""
    incident = await _carded(story)
    await _file(story, incident, "waiver", reason=story.say("waiver"))


async def held(story: Story) -> None:
    """Talked, and minutes kept."""
    incident = await _carded(story)
    await _held(story, incident)
    await story.rest()
    await incident.ended()


async def rectifying(story: Story) -> None:
    """The unit has said what it changes, and by when."""
    incident = await _carded(story)
    await _held(story, incident)
    await _rectified(story, incident)
    await story.rest()
    await incident.ended()


async def interview_closed(story: Story) -> None:
    """Checked, and closed."""
    incident = await _carded(story)
    await _held(story, incident)
    await _rectified(story, incident)
    await _file(story, incident, "check", passed=True, note=story.say("check_passed"))
    await incident.ended()


async def _held(story: Story, incident: Incident) -> None:
    await _file(story, incident, "convocation", at=in_days(1), place=story.say("convene_place"))
    for kind in TalkKind:
        leads = kind is TalkKind.LEADER_INTERVIEW
        who = incident.leader() if leads else story.cast.worker(incident.unit)
        await _file(story, incident, "minutes", kind=kind.value, person=who, text=story.say("minutes"))


async def _rectified(story: Story, incident: Incident) -> None:
    measures = {"measures": story.say("measures"), "due_on": in_days(10)}
    await story.stage.post(incident.leader(), f"interviews/{incident.card}-I/rectification", measures)


async def _file(story: Story, incident: Incident, what: str, **body: Any) -> None:
    officer = story.cast.one(Role.ORGANIZATION_OFFICER)
    await story.stage.post(officer, f"interviews/{incident.card}-I/{what}", body)


async def held_accountable(story: Story) -> None:
    """Grave consequences: a file is opened."""
    incident = await _grave(story)
    await _opened(story, incident)
    await story.rest()
    await incident.ended()


async def findings(story: Story) -> None:
    """Grave consequences: found out, and decided."""
    incident = await _grave(story)
    file, officer = await _opened(story, incident), story.cast.one(Role.DISCIPLINE_OFFICER)
    await story.stage.post(officer, f"accountability/{file}/findings", {"note": story.say("findings")})
    decision = {"for": DecisionFor.UNIT.value, "measure": story.say("measure"), "note": ""}
    await story.stage.post(officer, f"accountability/{file}/decision", decision)
    await story.rest()
    await incident.ended()


async def _grave(story: Story) -> Incident:
    incident = await Incident.reported(story, "grave")
    await incident.acknowledged()
    return incident


async def _opened(story: Story, incident: Incident) -> str:
    consequence = story.chance.choice(tuple(Consequence)).value
    body = {"consequence": consequence, "note": story.say("consequence")}
    file = await story.stage.post(story.supervisor, f"cases/{incident.number}/accountability", body)
    return str(file["id"])


async def alarm(story: Story) -> None:
    """Danger to life, and nobody has taken it over yet."""
    incident = await Incident.reported(story, "danger", officer=True)
    await story.rest(60, 200)
    await _taken_over(story, incident)


async def alarm_taken_over(story: Story) -> None:
    """Danger to life: the police take it over at once."""
    incident = await Incident.reported(story, "danger")
    await story.beat(5, 20)
    await _taken_over(story, incident)


async def _taken_over(story: Story, incident: Incident) -> None:
    worker = story.cast.worker(incident.unit)
    await incident.does(worker, "alarm/takeover", note=story.say("takeover"))
    await incident.acknowledged()
    await story.rest(120, 600)
    await incident.ended()


SCENES = (
    red, appealed, appeal_upheld, appeal_dismissed, convened, waived, held, rectifying, interview_closed,
    held_accountable, findings, alarm, alarm_taken_over,
)  # fmt: skip
