"""What pages say of a catalogue item before somebody applies: who holds its steps, and what would be promised now."""

from domain.catalogue.items import CatalogueVersion, HolderKind, Item
from domain.service import promising
from web.directory import Directory
from web.language import mark
from web.page import Content, Visit
from web.strip import strip
from web.words import Words

_COMMUNITY = mark("所在社区")


def lines_of(words: Words, version: CatalogueVersion) -> dict[str, str]:
    """Code of a line of departments → what it is called."""
    return {line.code: words.named(line) for line in version.lines}


def holder_names(seen: Visit, codes: Directory, version: CatalogueVersion, item: Item) -> dict[str, str]:
    """Key of a step → who holds it, before it is known for whom."""
    lines, found = lines_of(seen.words, version), {}
    for step in item.steps:
        code = step.holder.code or ""
        match step.holder.kind:
            case HolderKind.UNIT:
                found[step.key] = codes.unit(code)
            case HolderKind.LINE:
                found[step.key] = lines.get(code, code)
            case HolderKind.COMMUNITY:
                found[step.key] = seen.say(_COMMUNITY)
    return found


def promised_now(seen: Visit, item: Item) -> Content:
    """What an application would be promised that is complete and comes in now (B11)."""
    rules = seen.here.rulebook
    if item.promised is None:
        return {"promise": None, "strip": None, "legal_due_at": None}
    promise = promising.promise(rules, item.promised, seen.at)
    return {
        "promise": promise,
        "strip": strip(promise, rules.calendar, seen.at),
        "legal_due_at": promising.legal_due_at(rules, item.legal, seen.at),
    }
