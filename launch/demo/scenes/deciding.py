"""Scenes in which the centre decides: extensions, returns, triage, several units, pauses."""

from domain.vocabulary import EventType
from launch.demo.incident import Incident
from launch.demo.stage import Declined
from launch.demo.story import Story, in_days, in_seconds

_REST_DAY, _TOO_LATE = "extension_on_rest_day", "extension_too_late"


async def _asking(story: Story) -> Incident:
    """A case whose unit asks for more time, as soon as chance gives one that may."""
    incident = await Incident.reported(story)
    await incident.acknowledged()
    while incident.case["extension_by"] is None:
        await incident.ended()
        incident = await Incident.reported(story)
        await incident.acknowledged()
    await story.beat()
    await _asked(story, incident)
    return incident


async def _asked(story: Story, incident: Incident) -> None:
    """Until the same weekday of a later week, the first that is no holiday."""
    worker, reason = story.cast.worker(incident.unit), story.say("extension")
    for weeks in range(1, 5):
        until = in_days(7 * weeks, incident.case["due_at"])
        try:
            await incident.does(worker, "extensions", until=until, reason=reason)
        except Declined as declined:
            if declined.code != _REST_DAY:
                raise
        else:
            return


async def _decided(story: Story, incident: Incident, *, grant: bool) -> None:
    last = incident.case["extensions"][-1]["id"]
    note = story.say("extension_granted" if grant else "extension_refused")
    await incident.does(story.supervisor, f"extensions/{last}/decision", grant=grant, note=note)


async def extension_asked(story: Story) -> None:
    """It waits for the centre's word, and gets it."""
    incident = await _asking(story)
    await story.rest(240, 1200)
    await _decided(story, incident, grant=True)
    await incident.ended()


async def extension_granted(story: Story) -> None:
    """More time is given."""
    incident = await _asking(story)
    await story.beat()
    await _decided(story, incident, grant=True)
    await story.rest()
    await incident.ended()


async def extension_refused(story: Story) -> None:
    """No more time."""
    incident = await _asking(story)
    await _decided(story, incident, grant=False)
    await story.rest()
    await incident.ended()


async def extension_lapsed(story: Story) -> None:
    """Nobody decided before the deadline: the red card falls."""
    incident = await _in_time(story)
    await story.happened(incident.number, EventType.EXTENSION_LAPSED)
    await story.rest(600, 2400)
    await incident.ended()


async def _in_time(story: Story) -> Incident:
    """A fast track whose unit asked early enough; on a slow machine it may take a few."""
    for left in (2, 1, 0):
        incident = await Incident.reported(story, "fast")
        await incident.acknowledged()
        until = in_seconds(60, incident.case["due_at"])
        try:
            await incident.does(
                story.cast.worker(incident.unit), "extensions", until=until, reason=story.say("extension")
            )
        except Declined as declined:
            if declined.code != _TOO_LATE or not left:
                raise
        else:
            break
    return incident


async def returned(story: Story) -> None:
    """It is said not to be theirs, and waits for the ruling."""
    incident = await _returned(story)
    await story.rest(240, 1200)
    await _ruled(story, incident, accept=False, note=story.say("return_refused"))
    await incident.ended()


async def return_accepted(story: Story) -> None:
    """The ruling sends it to another unit, which takes it."""
    incident = await _returned(story)
    await story.beat()
    other = _another_unit(story, incident)
    await _ruled(story, incident, accept=True, unit=other, note=story.say("return_accepted"))
    await incident.acknowledged()
    await story.rest()
    await incident.ended()


async def return_refused(story: Story) -> None:
    """The ruling binds: the unit has to do it."""
    incident = await _returned(story)
    await _ruled(story, incident, accept=False, note=story.say("return_refused"))
    await story.rest()
    await incident.ended()


async def returned_to_triage(story: Story) -> None:
    """The return is accepted, and nobody knows yet who should have it."""
    incident = await _returned(story)
    await _ruled(story, incident, accept=True, note=story.say("return_accepted"))
    await story.rest(240, 1200)
    await _dispatched(story, incident)
    await incident.acknowledged()
    await incident.ended()


async def untriaged(story: Story) -> None:
    """No rule knows whose it is."""
    incident = await Incident.reported(story, "unclear")
    await story.rest(240, 1800)
    await _dispatched(story, incident)
    await incident.acknowledged()
    await incident.ended()


async def dispatched_by_hand(story: Story) -> None:
    """The centre finds the unit."""
    incident = await Incident.reported(story, "unclear")
    await story.beat()
    await _dispatched(story, incident)
    await incident.acknowledged()
    await story.rest()
    await incident.ended()


async def joined(story: Story) -> None:
    """A lead and two units that assist; one of them has done its part."""
    incident = await Incident.reported(story, "unclear")
    lead, first, second = story.chance.sample(_UNITS, 3)
    await _dispatched(story, incident, lead, assisting=[first])
    await incident.does(story.supervisor, "assistance", unit=second, note=story.say("assistance"))
    await incident.acknowledged()
    worker = story.cast.worker(first)
    await incident.does(worker, "acknowledgement", handler=worker, plan=story.say("progress"))
    await incident.does(worker, "completion", result=incident.matter["result"])
    await story.rest()
    await incident.ended()


async def suspended(story: Story) -> None:
    """The clock stands until a day."""
    incident = await Incident.reported(story)
    await incident.acknowledged()
    await _suspended(story, incident, in_days(story.chance.randrange(2, 20)))
    await story.rest(1200, 3600)
    await incident.does(story.supervisor, "resumption")
    await incident.ended()


async def resumed(story: Story) -> None:
    """The clock stood, and goes on by itself."""
    incident = await Incident.reported(story)
    await incident.acknowledged()
    await _suspended(story, incident, in_seconds(4))
    await story.happened(incident.number, EventType.RESUMED)
    await story.rest()
    await incident.ended()


_UNITS = ("urban-management", "public-works", "landscaping", "emergency-management", "sanitation", "traffic")


async def _returned(story: Story) -> Incident:
    incident = await Incident.reported(story)
    await story.beat()
    await incident.does(story.cast.worker(incident.unit), "return", reason=story.say("not_ours"))
    return incident


async def _ruled(story: Story, incident: Incident, *, accept: bool, note: str, unit: str | None = None) -> None:
    to = {} if unit is None else {"unit": unit}
    await incident.does(story.supervisor, "return/ruling", accept=accept, note=note, **to)
    if not accept:
        await incident.acknowledged()


async def _dispatched(
    story: Story, incident: Incident, unit: str | None = None, assisting: list[str] | None = None
) -> None:
    wanted = unit or story.chance.choice(_UNITS)
    more = {"assisting": assisting} if assisting else {}
    await incident.does(story.supervisor, "dispatch", unit=wanted, note=story.say("dispatch"), **more)


def _another_unit(story: Story, incident: Incident) -> str:
    return story.chance.choice([unit for unit in _UNITS if unit != incident.unit])


async def _suspended(story: Story, incident: Incident, resume_at: str) -> None:
    await incident.does(story.supervisor, "suspension", reason=story.say("suspension"), resume_at=resume_at)


SCENES = (
    extension_asked, extension_granted, extension_refused, extension_lapsed, returned, return_accepted, return_refused,
    returned_to_triage, untriaged, dispatched_by_hand, joined, suspended, resumed,
)  # fmt: skip
