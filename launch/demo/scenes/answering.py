"""Scenes of taking a case: at once, late, not at all; reported on, urged."""

from domain.vocabulary import EventType
from launch.demo.incident import Incident
from launch.demo.story import Story


async def unanswered(story: Story) -> None:
    """Dispatched a moment ago; somebody takes it within its half hour, and does it."""
    incident = await Incident.reported(story)
    await story.rest(180, 1500)
    await incident.acknowledged()
    await story.beat(60, 300)
    await incident.ended()


async def taken(story: Story) -> None:
    """Acknowledged and arranged; done some time later."""
    incident = await Incident.reported(story)
    await story.beat()
    await incident.acknowledged()
    await story.rest(240, 2400)
    await incident.ended()


async def reported_by_officer(story: Story) -> None:
    """From a round through the grid, with a photo."""
    incident = await Incident.reported(story, officer=True)
    await incident.photographed(story.cast.officers[incident.case["grid"]])
    await story.beat()
    await incident.acknowledged()
    await story.rest()
    await incident.ended()


async def followed(story: Story) -> None:
    """Progress is reported again and again, with photos."""
    incident = await Incident.reported(story)
    await incident.acknowledged()
    for _ in range(story.chance.randrange(1, 4)):
        await story.beat()
        await incident.progressed()
    await incident.photographed()
    await story.rest()
    await incident.ended()


async def watched(story: Story) -> None:
    """A limit of half an hour: yellow, and done before it is red."""
    incident = await Incident.reported(story, "watched")
    await story.beat(1, 3)
    await incident.acknowledged()
    await story.rest(120, 1200)
    await incident.ended()


async def answered_late(story: Story) -> None:
    """The acknowledgement was missed; then somebody wakes up."""
    incident = await Incident.reported(story, "watched")
    await story.until(incident.case["ack_by"])
    await incident.acknowledged(late=True)
    await story.rest(120, 1200)
    await incident.ended()


async def never_answered(story: Story) -> None:
    """Nobody answers, and the ladder is climbed; long after somebody does."""
    incident = await Incident.reported(story, "watched")
    await story.happened(incident.number, EventType.ACK_MISSED)
    await story.rest(600, 1500)
    await incident.acknowledged(late=True)
    await incident.ended()


async def urged(story: Story) -> None:
    """The centre urges, and the unit answers."""
    incident = await Incident.reported(story)
    await incident.acknowledged()
    await story.beat()
    urging = await incident.does(story.supervisor, "urging", note=story.say("urging"))
    await story.beat()
    await incident.progressed(answers=urging["urgings"][-1]["id"])
    await story.rest()
    await incident.ended()


async def urged_in_vain(story: Story) -> None:
    """The centre urges, and hears nothing; the deadline passes, too."""
    incident = await Incident.reported(story, "fast")
    await incident.acknowledged()
    await incident.does(story.supervisor, "urging", note=story.say("urging"))
    await story.happened(incident.number, EventType.URGING_UNANSWERED)
    await story.rest(600, 2400)
    await incident.ended()


async def yours(story: Story) -> None:
    """It waits for the unit whose handler the reader may be, and nobody of the day touches it."""
    await Incident.reported(story, "yours")


async def reported_again(story: Story) -> None:
    """Two neighbours report the same, and share the case; all are told, the first one answers."""
    incident = await Incident.reported(story)
    await story.beat()
    await incident.reported_again()
    await story.beat()
    await incident.reported_again()
    await incident.acknowledged()
    await story.rest()
    await incident.ended()


SCENES = (
    unanswered, yours, reported_again, taken, reported_by_officer, followed, watched, answered_late, never_answered,
    urged, urged_in_vain,
)  # fmt: skip
