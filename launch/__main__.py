"""``python -m launch``: one command a part of the house. Commands import what is heavy when they are called."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, NoReturn

import typer

import settings as configuration
from launch import calendar, catalogue, rulebook, submitting
from launch.demo import command as demo
from launch.lock import CannotStart
from settings import Settings, SettingsError

app = typer.Typer(
    name="launch",
    help="Bihuan's parts. Settings come from the environment (BIHUAN_…); see the README.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_DISCREPANCIES = 3
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more: requests, engine, progress.")]


@app.command()
def up(verbose: Verbose = False) -> None:
    """Start everything, keep it running, stop it on Ctrl-C."""
    from launch.up import run

    raise SystemExit(_awaited(run(_settings(), verbose=verbose)))


@app.command()
def api(verbose: Verbose = False) -> None:
    """Start the HTTP API alone."""
    from launch.parts import serve_api

    serve_api(_settings(), verbose=verbose)


@app.command()
def worker(verbose: Verbose = False) -> None:
    """Start the worker alone."""
    from launch.parts import serve_worker

    serve_worker(_settings(), verbose=verbose)


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    from launch.parts import migrate_database

    _run(migrate_database)


@app.command()
def seed() -> None:
    """Load the rulebook's district: units, grids, accounts. Repeating it is harmless."""
    from launch.parts import seed_database

    _run(seed_database)


@app.command()
def doctor(
    mend: Annotated[bool, typer.Option("--mend", help="Bring the engine to what the database says.")] = False,
) -> None:
    """Compare database and engine. Ends with 3 when discrepancies are left."""
    from launch.parts import consult_doctor

    raise SystemExit(_DISCREPANCIES if _awaited(consult_doctor(_settings(), mend=mend, say=typer.echo)) else 0)


@app.command()
def rebase() -> None:
    """Carry the rulebook's calendar into the running cases. Ends with 3 when some gave no answer."""
    from launch.rebase import rebase as carry

    raise SystemExit(_DISCREPANCIES if _awaited(carry(_settings(), say=typer.echo)) else 0)


app.command("submit")(submitting.command)
app.command("demo")(demo.command)
app.command("calendar")(calendar.command)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(rulebook.app, name="rulebook")


def _run(part: Callable[[Settings], None]) -> None:
    try:
        part(_settings())
    except CannotStart as error:
        _give_up(str(error))


def _awaited(work: Coroutine[Any, Any, int]) -> int:
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        return 130
    except CannotStart as error:
        _give_up(str(error))


def _settings() -> Settings:
    try:
        return configuration.load()
    except SettingsError as error:
        _give_up(f"A setting is wrong. {error}")


def _give_up(message: str) -> NoReturn:
    typer.secho(message, fg=typer.colors.RED, err=True)
    raise SystemExit(1)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
