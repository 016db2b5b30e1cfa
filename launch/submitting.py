"""The options of ``launch submit``, and what is printed about it. The work is in ``launch.submit``."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from domain.vocabulary import Source
from launch.client import GivenUp, Identity
from launch.journal import JournalUnusable
from launch.reports import Misfit, digest, mapping, read_constants
from launch.submit import Order, Tally, bar, submit
from settings import SettingsError, load

_INTERRUPTED = 130
_SOME_REFUSED = 2

Csv = Annotated[Path, typer.Argument(help="CSV with a header line.", exists=True, dir_okay=False, readable=True)]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", "-c", help="FIELD=COLUMN[,COLUMN…]: several columns are joined. Repeatable."),
]
Url = Annotated[str, typer.Option(help="Address of the API.")]
Token = Annotated[str | None, typer.Option(envvar="BIHUAN_TOKEN", help="Token or API key.")]
Username = Annotated[str | None, typer.Option(help="Sign in as this account, instead of a token.")]
Password = Annotated[str | None, typer.Option(envvar="BIHUAN_PASSWORD", help="Asked for when not given.")]
Constants = Annotated[
    list[str] | None,
    typer.Option("--set", help="FIELD=VALUE for every row whose columns say nothing of it. Repeatable."),
]
OneSource = Annotated[Source | None, typer.Option(help="Short for --set source=….")]
Category = Annotated[str | None, typer.Option(help="Short for --set category=….")]
Grid = Annotated[str | None, typer.Option(help="Short for --set grid=….")]
Callers = Annotated[int, typer.Option(min=1, max=256, help="Requests at once.")]
Refused = Annotated[Path | None, typer.Option(help="Where refused rows are written: row, code, reason.")]
State = Annotated[Path | None, typer.Option(help="What is done already; a run with the same file goes on from it.")]
Encoding = Annotated[str, typer.Option(help="Of the CSV, such as gb18030.")]
Patience = Annotated[float, typer.Option(min=0, help="Seconds to go on while nothing gets through.")]


def command(
    file: Csv,
    column: Columns = None,
    constants: Constants = None,
    url: Url = "http://127.0.0.1:8000",
    token: Token = None,
    username: Username = None,
    password: Password = None,
    source: OneSource = None,
    category: Category = None,
    grid: Grid = None,
    concurrency: Callers = 8,
    refused: Refused = None,
    state: State = None,
    encoding: Encoding = "utf-8",
    patience: Patience = 600.0,
) -> None:
    """Hand in the reports of a CSV through the API. Interrupted, the same command goes on where it stopped.

    Fields: description, category, source, occurred_at, danger, grid, lat, lon, address, name, phone, anonymous,
    disclose. Times may be in several forms; without offset they are Shanghai's. Ends with 2 when rows were refused.
    """
    short = {"source": source, "category": category, "grid": grid}
    try:
        order = Order(
            file=file,
            plan=mapping(column or [], {**read_constants(constants or []), **_given(short)}),
            encoding=encoding,
            url=url.rstrip("/"),
            identity=_identity(token, username, password),
            concurrency=concurrency,
            patience=patience,
            state=state or _beside(file, ".state.jsonl"),
            refused=refused or _beside(file, ".refused.csv"),
        )
        tally = _carried_out(order)
    except Misfit as misfit:
        _give_up(misfit.reason)
    except (GivenUp, JournalUnusable, SettingsError, OSError, LookupError) as error:
        _give_up(str(error))
    except KeyboardInterrupt:
        typer.secho("Interrupted; the same command goes on from here.", err=True)
        raise SystemExit(_INTERRUPTED) from None
    typer.echo(f"{tally.accepted} accepted, {tally.refused} refused ({order.refused})")
    raise SystemExit(_SOME_REFUSED if tally.refused else 0)


def _given(options: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in options.items() if value is not None}


def _carried_out(order: Order) -> Tally:
    with bar() as progress:
        return asyncio.run(submit(order, progress))


def _identity(token: str | None, username: str | None, password: str | None) -> Identity:
    if token is not None:
        return Identity(token=token)
    if username is None:
        raise GivenUp("Say who hands in: --token or --username.")
    asked = password if password is not None else str(typer.prompt("Password", hide_input=True, err=True))
    return Identity(username=username, password=asked)


def _beside(file: Path, ending: str) -> Path:
    """Run-time files lie with the others, not beside somebody's data."""
    return load().data_dir / "submit" / f"{file.stem}-{digest(file)[:8]}{ending}"


def _give_up(message: str) -> NoReturn:
    typer.secho(message, fg=typer.colors.RED, err=True)
    raise SystemExit(1)
