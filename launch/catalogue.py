"""The options of ``launch catalogue``. The work is in ``launch.cataloguing``."""

from pathlib import Path
from typing import Annotated

import typer

from rulebook.catalogue.chart_words import Language
from rulebook.catalogue.columns import Column
from rulebook.catalogue.shown import ChartFormat

app = typer.Typer(help="The catalogue of service items.", no_args_is_help=True)

Rulebook = Annotated[
    Path | None,
    typer.Option(help="Directory of the rulebook. Default: BIHUAN_RULEBOOK.", exists=True, file_okay=False),
]
Version = Annotated[str | None, typer.Option(help="Such as 2026. Default: the one in force.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write there, and not to the terminal.", dir_okay=False)]
Drafts = Annotated[Path, typer.Option("--out", "-o", help="The file of drafts to write.", dir_okay=False)]
Source = Annotated[Path, typer.Argument(help="CSV (UTF-8, GB18030) or .xlsx.", exists=True, dir_okay=False)]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", "-c", help=f"FIELD=COLUMN. Fields: {', '.join(Column)}. Repeatable."),
]
Lines = Annotated[list[str] | None, typer.Option("--line", help="DEPARTMENT=CODE of a line. Repeatable.")]
Above = Annotated[int, typer.Option(min=0, help="Rows above the names of the columns, such as a title.")]
Report = Annotated[Path | None, typer.Option(help="CSV: every row and what is said of it.", dir_okay=False)]
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
Form = Annotated[ChartFormat, typer.Option("--format", "-f")]


@app.command()
def check(rulebook: Rulebook = None) -> None:
    """Say all that is wrong, by file and line; else what there is, and which items are drafts. Ends with 1 if wrong."""
    from launch import cataloguing

    cataloguing.check(rulebook)


@app.command()
def diff(earlier: str, later: str, rulebook: Rulebook = None, as_json: Json = False) -> None:
    """What differs between two versions: items that came and went, and each field and step that changed."""
    from launch import cataloguing

    cataloguing.compare(earlier, later, rulebook, as_json=as_json)


@app.command()
def chart(
    item: str,
    version: Version = None,
    form: Form = ChartFormat.SVG,
    lang: Language = Language.CHINESE,
    rulebook: Rulebook = None,
    out: Out = None,
) -> None:
    """Draw the flow of an item."""
    from launch import cataloguing

    cataloguing.draw(item, version, form, lang, rulebook, out)


@app.command("import")
def bring_in(
    file: Source,
    out: Drafts,
    column: Columns = None,
    line: Lines = None,
    above: Above = 0,
    report: Report = None,
    rulebook: Rulebook = None,
) -> None:
    """Turn a real list of items into drafts. Ends with 2 when some rows were left out."""
    from launch import cataloguing

    columns = {_column(name): value for name, value in _pairs(column).items()}
    raise SystemExit(cataloguing.bring_in(file, out, columns, _pairs(line), above, report, rulebook))


def _pairs(options: list[str] | None) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for option in options or ():
        name, _, value = option.partition("=")
        if not name or not value:
            raise typer.BadParameter(f"{option!r} is not NAME=VALUE")
        pairs[name] = value
    return pairs


def _column(name: str) -> Column:
    try:
        return Column(name)
    except ValueError:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(Column)}") from None
