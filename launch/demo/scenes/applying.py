"""Scenes of service requests: applied for, under way, with the outside, short of papers, decided."""

from domain.vocabulary import EventType
from launch.demo.request import ServiceRequest
from launch.demo.story import Story


async def applied(story: Story) -> None:
    """Accepted; its first unit has it."""
    request = await ServiceRequest.applied(story, "long")
    await story.rest()
    await request.approved()
    await request.rated()


async def under_way(story: Story) -> None:
    """Some steps are done, the next is worked on."""
    request = await ServiceRequest.applied(story, "long")
    for _ in range(story.chance.randrange(1, 3)):
        await request.passed()
    await request.acknowledged()
    await story.rest(240, 1800)
    await request.approved()
    await request.rated()


async def with_the_outside(story: Story) -> None:
    """A department above has it: a reference time, no limit."""
    request = await ServiceRequest.applied(story, "outside")
    while not _outside(request):
        await request.passed()
    key, reference = request.open_step()["key"], story.say("handoff") + str(story.chance.randrange(1000, 9999))
    await request.does(story.clerk, f"steps/{key}/handoff", reference=reference)
    await story.rest(240, 1800)
    await request.approved()
    await request.rated()


def _outside(request: ServiceRequest) -> bool:
    return request.open_step()["reference_by"] is not None


async def outside_overdue(story: Story) -> None:
    """The department above lets its reference time pass, and is chased."""
    request = await ServiceRequest.applied(story, "overdue")
    await story.happened(request.number, EventType.OUTSIDE_OVERDUE)
    await story.rest(300, 900)
    await request.approved()


async def step_turned_red(story: Story) -> None:
    """A step that was not done in its seconds: its unit pays."""
    request = await ServiceRequest.applied(story, "late")
    await story.happened(request.number, EventType.TURNED_RED)
    await story.rest(240, 1200)
    await request.approved()


async def request_of_an_enterprise(story: Story) -> None:
    """A licence for a business."""
    request = await ServiceRequest.applied(story, "enterprise")
    await request.passed()
    await story.rest()
    await request.approved()
    await request.rated()


async def approved(story: Story) -> None:
    """Done in one step; the applicant is asked."""
    request = await ServiceRequest.applied(story, "short")
    await request.approved()


async def approved_and_rated(story: Story) -> None:
    """Done, and the applicant has answered."""
    request = await ServiceRequest.applied(story, "short")
    await request.approved()
    await story.beat()
    await request.rated()


async def a_whole_request(story: Story) -> None:
    """From the desk to the answer, each taking their time."""
    request = await ServiceRequest.applied(story, story.chance.choice(("short", "long", "swift")))
    await story.beat(1, 3)
    await request.approved()
    await request.rated()


async def request_refused(story: Story) -> None:
    """Refused, with the reason and the remedy."""
    request = await ServiceRequest.applied(story, "long")
    await request.refused()
    await story.rest(5, 20)
    await request.rated()


async def request_withdrawn(story: Story) -> None:
    """The applicant does not want it any more."""
    request = await ServiceRequest.applied(story, "long")
    await story.beat()
    await request.does(story.clerk, "withdrawal", reason=story.say("withdrawal"))


async def materials_asked(story: Story) -> None:
    """Papers are missing: asked for once and completely, while the clock stands."""
    request = await ServiceRequest.applied(story, "long", complete=False)
    await story.rest(10, 25)
    await _brought(story, request)
    await request.approved()


async def materials_brought(story: Story) -> None:
    """Papers were missing, and were brought."""
    request = await ServiceRequest.applied(story, "long", complete=False)
    await story.beat(5, 20)
    await _brought(story, request)
    await story.rest()
    await request.approved()


async def materials_lapsed(story: Story) -> None:
    """Nobody brings what is missing."""
    request = await ServiceRequest.applied(story, "long", complete=False)
    await story.happened(request.number, EventType.CLOSED)


async def _brought(story: Story, request: ServiceRequest) -> None:
    await request.does(story.clerk, "materials", codes=request.missing())


SCENES = (
    applied, under_way, with_the_outside, outside_overdue, step_turned_red, request_of_an_enterprise, approved,
    approved_and_rated, a_whole_request, request_refused, request_withdrawn, materials_asked, materials_brought,
    materials_lapsed,
)  # fmt: skip
