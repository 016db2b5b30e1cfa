"""Scenes of the end: done, looked at, asked, answered; not solved, withdrawn."""

from domain.vocabulary import EventType, Role
from launch.demo.incident import Incident
from launch.demo.story import Story


async def _done(story: Story, kind: str = "ordinary") -> Incident:
    incident = await Incident.reported(story, kind)
    await story.beat(2, 10)
    await incident.acknowledged()
    await story.beat()
    await incident.completed()
    return incident


async def a_whole_life(story: Story) -> None:
    """From the report to the answer, each taking their time."""
    incident = await Incident.reported(story, officer=story.chance.random() < 0.3)
    await story.beat(5, 60)
    await incident.acknowledged()
    await story.beat(10, 60)
    await incident.photographed()
    await incident.ended()


async def to_verify(story: Story) -> None:
    """The unit says that it is done; somebody else has to look."""
    incident = await _done(story)
    await story.rest(240, 1200)
    await incident.verified()
    await incident.rated()


async def left_to_the_officer(story: Story) -> None:
    """What an officer reported is done; whoever the reader may be on the phone looks at it, and nobody else does."""
    officer = story.cast.one(Role.GRID_OFFICER)
    incident = await Incident.reported(story, officer=True, grid=story.cast.grid_of(officer))
    await incident.photographed(officer)
    await incident.acknowledged()
    await story.beat()
    await incident.completed()


async def badly_done(story: Story) -> None:
    """Looked at, and not done: another round."""
    incident = await _done(story)
    await incident.verified(solved=False)
    await story.rest()
    await incident.ended()


async def to_answer(story: Story) -> None:
    """The reporter is asked."""
    incident = await _done(story)
    await incident.verified()
    await story.rest(240, 1800)
    await incident.rated()


async def solved(story: Story) -> None:
    """The reporter says that it is."""
    incident = await _done(story)
    await story.beat()
    await incident.verified()
    await story.beat()
    await incident.rated()


async def not_solved(story: Story) -> None:
    """The reporter says that it is not: another round with a new clock."""
    incident = await _done(story)
    await incident.verified()
    await story.beat()
    await incident.rated(solved=False)
    await story.rest()
    await incident.ended()


async def unanswered_at_the_end(story: Story) -> None:
    """The reporter is asked and says nothing until the window ends."""
    incident = await _done(story, "fast")
    await incident.verified()
    await story.happened(incident.number, EventType.CLOSED)


async def withdrawn(story: Story) -> None:
    """It was settled without anybody."""
    incident = await Incident.reported(story)
    await story.beat()
    await incident.does(story.supervisor, "withdrawal", reason=story.say("withdrawal"))


SCENES = (
    a_whole_life, to_verify, left_to_the_officer, badly_done, to_answer, solved, not_solved, unanswered_at_the_end,
    withdrawn,
)  # fmt: skip
