"""What differs between two versions of the catalogue: items that came and went, and what changed in the others (B6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

from domain.catalogue.items import CatalogueVersion, Item
from domain.limits import Limit

_KEYS = ("key", "code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field. ``field``: its path, such as ``steps.pay.limit``; None: it was, or is, not there."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """An item that both versions have, as the later one names it."""

    code: str
    name: str
    name_en: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueDiff:
    """What one has to know who knew the earlier version."""

    earlier: str
    later: str
    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[ItemChange, ...]


def difference(earlier: CatalogueVersion, later: CatalogueVersion) -> CatalogueDiff:
    """From the earlier version to the later one; items in the order of the catalogue."""
    before = {item.code: item for item in earlier.items}
    after = {item.code: item for item in later.items}
    both = ((before[item.code], item) for item in later.items if item.code in before)
    return CatalogueDiff(
        earlier=earlier.version,
        later=later.version,
        added=tuple(item for item in later.items if item.code not in before),
        removed=tuple(item for item in earlier.items if item.code not in after),
        changed=tuple(
            ItemChange(code=new.code, name=new.name, name_en=new.name_en, changes=changes)
            for old, new in both
            if (changes := tuple(_changes("", in_words(old), in_words(new))))
        ),
    )


def in_words(value: Any) -> Any:
    """A value of the catalogue as JSON that people can read: limits in the words of the rulebook."""
    if isinstance(value, Limit):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: in_words(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple):
        return [in_words(part) for part in value]
    return value


def _changes(path: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _changes_of_keys(path, before, after)
    elif _is_keyed(before) and _is_keyed(after):
        yield from _changes_of_entries(path, before, after)
    else:
        yield Change(field=path, before=before, after=after)


def _changes_of_keys(path: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in [*before, *(key for key in after if key not in before)]:
        yield from _changes(f"{path}.{key}" if path else key, before.get(key), after.get(key))


def _changes_of_entries(path: str, before: list[Any], after: list[Any]) -> Iterator[Change]:
    """Entries with a key are compared with those of the same key; a new order of the same ones is a change too."""
    old, new = {str(_key(entry)): entry for entry in before}, {str(_key(entry)): entry for entry in after}
    if len(old) < len(before) or len(new) < len(after):
        yield Change(field=path, before=before, after=after)
        return
    yield from _changes_of_keys(path, old, new)
    stayed = [key for key in old if key in new]
    if stayed != [key for key in new if key in old]:
        yield Change(field=f"{path}.order", before=list(old), after=list(new))


def _is_keyed(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, Mapping) and _key(entry) is not None for entry in value)


def _key(entry: Mapping[str, Any]) -> str | None:
    return next((entry[name] for name in _KEYS if name in entry), None)
