"""What ``launch catalogue`` does: checking, comparing, drawing, importing. Its options are ``launch.catalogue``."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import typer

import settings as configuration
from domain.catalogue.diff import difference
from domain.catalogue.items import CatalogueVersion
from domain.cells import inert
from domain.errors import Unprocessable
from domain.worktime import shanghai_date
from rulebook.catalogue.chart import Language, Wording, mermaid, svg
from rulebook.catalogue.columns import KNOWN, NEEDED, Column
from rulebook.catalogue.imported import Imported, import_items
from rulebook.catalogue.shown import ChartFormat, difference_sheet
from rulebook.load import Opened, RulebookInvalid, open_rulebook

_SOME_REFUSED = 2


def check(rulebook: Path | None) -> None:
    """Say all that is wrong, else what there is."""
    opened = _opened(rulebook)
    for version in opened.catalogue.versions:
        until = version.effective_to or "…"
        drafts = [item.code for item in version.items if item.is_draft]
        typer.echo(f"{version.version}  {version.effective_from} – {until}  {len(version.items)} items")
        if drafts:
            shown = ", ".join(drafts[:5]) + (", …" if len(drafts) > 5 else "")
            typer.echo(f"  {len(drafts)} drafts without limit or steps, which cannot be accepted: {shown}")


def compare(earlier: str, later: str, rulebook: Path | None, *, as_json: bool) -> None:
    """Say what differs between two versions."""
    opened = _opened(rulebook)
    found = difference(_version(opened, earlier), _version(opened, later))
    if as_json:
        typer.echo(json.dumps(difference_sheet(found), ensure_ascii=False, indent=2))
        return
    for sign, items in (("+", found.added), ("-", found.removed)):
        for item in items:
            typer.echo(f"{sign} {item.code}  {item.name}")
    for changed in found.changed:
        typer.echo(f"~ {changed.code}  {changed.name}")
        for change in changed.changes:
            typer.echo(f"    {change.field}: {_brief(change.before)} → {_brief(change.after)}")


def draw(
    code: str, version: str | None, form: ChartFormat, language: Language, rulebook: Path | None, out: Path | None
) -> None:
    """Write the flow chart of an item."""
    opened = _opened(rulebook)
    chosen = _version(opened, version)
    found = next((each for each in chosen.items if each.code == code), None)
    if found is None:
        _give_up(f"{chosen.version} has no item {code}.")
    wording = _wording(opened, chosen, language)
    _write(svg(found, wording) if form is ChartFormat.SVG else mermaid(found, wording), out)


def bring_in(
    file: Path,
    out: Path,
    columns: Mapping[Column, str],
    lines: Mapping[str, str],
    above: int,
    report: Path | None,
    rulebook: Path | None,
) -> int:
    """Turn a list into drafts; the exit code."""
    catalogue = _opened(rulebook).catalogue
    known = catalogue.versions[-1].lines if catalogue.versions else ()
    try:
        made = import_items(file.read_bytes(), columns=columns, lines=lines, known_lines=known, above=above)
    except Unprocessable as refused:
        _give_up(_sentence(refused.code))
    _write(made.as_yaml(), out)
    if report is not None:
        _write_report(made, report)
    return _SOME_REFUSED if _summarize(made, out) else 0


def _summarize(made: Imported, out: Path) -> int:
    """Say what became of the rows; how many were left out."""
    counts = Counter(note for row in made.rows for note in row.notes)
    left_out = [row for row in made.rows if not row.taken]
    typer.echo(f"{len(made.rows)} rows, {len(made.items)} drafts in {out}, {len(made.lines)} new lines.")
    for note, count in counts.items():
        typer.echo(f"  {note}: {count}")
    for row in left_out[:20]:
        typer.echo(f"  line {row.line} left out: {', '.join(row.notes)}")
    return len(left_out)


def _write_report(made: Imported, file: Path) -> None:
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(["line", "code", "name", "taken", "notes", "elsewhere"])
    for row in made.rows:
        taken = "yes" if row.taken else "no"
        cells = (row.line, row.code, row.name, taken, " ".join(row.notes), row.elsewhere or "")
        writer.writerow([inert(str(cell)) for cell in cells])
    _write(table.getvalue(), file, encoding="utf-8-sig")


def _wording(opened: Opened, version: CatalogueVersion, language: Language) -> Wording:
    named = {line.code: (line.name, line.name_en) for line in version.lines}
    named |= {unit.code: (unit.name, unit.name_en) for unit in opened.district.units}
    place = 0 if language is Language.CHINESE else 1
    return Wording(language, {code: names[place] for code, names in named.items()})


def _opened(rulebook: Path | None) -> Opened:
    try:
        return open_rulebook(rulebook or configuration.load().rulebook)
    except RulebookInvalid as invalid:
        _give_up(str(invalid))
    except configuration.SettingsError as error:
        _give_up(f"A setting is wrong. {error}")


def _version(opened: Opened, name: str | None) -> CatalogueVersion:
    versions = opened.catalogue.versions
    if name is None:
        today = shanghai_date(datetime.now(UTC))
        chosen = [version for version in versions if version.in_force(today)]
    else:
        chosen = [version for version in versions if name in (version.version, version.version.partition("+")[0])]
    if not chosen:
        _give_up(f"No such version; there are {', '.join(version.version for version in versions) or 'none'}.")
    return chosen[-1]


def _sentence(code: str) -> str:
    if code == "file_column_missing":
        names = "; ".join(f"{column}: {', '.join(KNOWN[column])}" for column in NEEDED)
        return f"No column is recognised for one of {names}. Name it with --column, or say --above for rows of a title."
    return {
        "file_empty": "The file is empty.",
        "file_not_a_table": "The file is neither CSV nor .xlsx. Save an .xls as .xlsx first.",
        "file_encoding_unknown": "The text is neither UTF-8 nor GB18030.",
        "file_too_many_rows": "The file has too many rows.",
    }.get(code, code)


def _brief(value: object) -> str:
    if value is None:
        return "–"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:97]}…"


def _write(text: str, out: Path | None, encoding: str = "utf-8") -> None:
    """To the terminal, or into a file whose lines end as they do in ``text``."""
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding=encoding, newline="")
    except OSError as error:
        _give_up(f"{out}: {error.strerror}")


def _give_up(message: str) -> NoReturn:
    typer.secho(message, fg=typer.colors.RED, err=True)
    raise SystemExit(1)
