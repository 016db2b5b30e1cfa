"""An incident of the made-up day: reported, and what each does about it next."""

from dataclasses import dataclass
from typing import Any, Self

from domain.vocabulary import Role, Source
from launch.demo.photo import photo
from launch.demo.stage import Json
from launch.demo.story import Story
from launch.demo.tables import table

_TABLES = {"ordinary": "reports"}
_OF_THE_REST = "special"


@dataclass
class Incident:
    """A case, as it was answered last. ``matter`` is the report behind it; ``code`` that of the receipt."""

    story: Story
    matter: Json
    case: Json
    code: str

    @classmethod
    async def reported(
        cls, story: Story, kind: str = "ordinary", *, officer: bool = False, grid: str | None = None
    ) -> Self:
        """A report of this kind: over the telephone, at the desk, or by the officer of the grid on a round."""
        matters = table(_TABLES.get(kind, _OF_THE_REST))[kind]
        found = [matter for matter in matters if not matter.get("told")]
        matter = story.dealt(f"{kind} on a round", found) if officer else story.dealt(kind, matters)
        grid = grid or story.grid()
        who = story.cast.officers[grid] if officer else story.clerk
        case = await story.stage.post(who, "incidents", _report(story, matter, grid, officer=officer))
        return cls(story, matter, case, case["tracking_code"])

    async def reported_again(self) -> None:
        """Somebody else reports the same matter, and is joined to the case."""
        body = _report(self.story, self.matter, self.case["grid"], officer=False)
        body["description"] = self.story.say("reported_again") + self.matter["words"]
        await self.does(self.story.clerk, "reports", **body)

    @property
    def number(self) -> str:
        """Its number."""
        return str(self.case["number"])

    @property
    def unit(self) -> str:
        """Who holds it."""
        return str(self.case["unit"])

    @property
    def card(self) -> str:
        """Its first red card."""
        return str(self.case["red_cards"][0]["id"])

    async def does(self, who: str, what: str, **body: Any) -> Json:
        """A command. Raises Declined."""
        self.case = await self.story.stage.post(who, f"cases/{self.number}/{what}", body)
        return self.case

    async def looked_up(self) -> Json:
        """The case now."""
        self.case = await self.story.stage.get(self.story.supervisor, f"cases/{self.number}")
        return self.case

    async def acknowledged(self, *, late: bool = False) -> None:
        """Its unit takes it."""
        worker = self.story.cast.worker(self.unit)
        plan = self.story.say("late_plan") if late else self.matter["plan"]
        await self.does(worker, "acknowledgement", handler=worker, plan=plan)

    async def progressed(self, answers: str | None = None) -> None:
        """Its unit says how far it is."""
        note = self.story.say("answer_to_urging" if answers else "progress")
        more = {"answers": answers} if answers else {}
        await self.does(self.story.cast.worker(self.unit), "progress", note=note, **more)

    async def photographed(self, who: str | None = None) -> None:
        """A photo is added."""
        worker = who or self.story.cast.worker(self.unit)
        await self.story.stage.attach(worker, self.number, "photo.png", photo(self.story.chance))

    async def completed(self) -> None:
        """Its unit says what was done."""
        await self.does(self.story.cast.worker(self.unit), "completion", result=self.matter["result"])

    async def verified(self, *, solved: bool = True) -> None:
        """The centre looks at it."""
        note = self.story.say("verified" if solved else "not_verified")
        await self.does(self.story.supervisor, "verification", solved=solved, note=note)

    async def rated(self, *, solved: bool = True) -> None:
        """The reporter answers with the code of the receipt."""
        score = self.story.chance.choice((5, 5, 4, 4, 3) if solved else (1, 2))
        comment = self.story.say("praise" if solved else "complaint")
        body = {"code": self.code, "score": score, "solved": solved, "comment": comment}
        await self.story.stage.post(None, f"track/{self.number}/rating", body)

    async def ended(self) -> None:
        """From wherever it is worked on to its end."""
        await self.progressed()
        await self.story.beat(5, 25)
        await self.completed()
        await self.story.beat(5, 25)
        await self.verified()
        await self.story.beat(5, 25)
        await self.rated()

    def leader(self) -> str:
        """Who leads the unit."""
        return self.story.cast.one(Role.UNIT_LEADER, self.unit)


def _report(story: Story, matter: Json, grid: str, *, officer: bool) -> Json:
    source = Source.OFFICER if officer else story.chance.choice((Source.HOTLINE, Source.HOTLINE, Source.DESK))
    return {
        "category": matter["category"],
        "description": matter["words"],
        "place": {"grid": grid, "address": matter["at"]},
        "reporter": _reporter(story),
        "source": source.value,
    }


def _reporter(story: Story) -> Json:
    if story.chance.random() < 0.15:
        return {"anonymous": True}
    person = story.person()
    return {"name": person["name"], "phone": person["phone"], "disclose": story.chance.random() < 0.5}
