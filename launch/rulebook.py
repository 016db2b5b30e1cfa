"""The options of ``launch rulebook``. The work is in ``launch.ruling``."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Versions of the rulebook.", no_args_is_help=True)

Where = Annotated[Path, typer.Argument(help="Directory or ZIP of the rulebook's files.", exists=True)]
Since = Annotated[str, typer.Option("--from", help="An instant, a day (its beginning in Asia/Shanghai), or now.")]


@app.command()
def check(path: Where) -> None:
    """Say everything that is wrong with the files, by file and line."""
    from launch import ruling

    ruling.check(path)


@app.command()
def schedule(path: Where, since: Since = "") -> None:
    """Let a rulebook count from an instant on; by default from its own day, else from the next midnight."""
    from launch import ruling

    ruling.schedule(path, since)


@app.command("list")
def list_versions() -> None:
    """What was in force, is, and is going to be."""
    from launch import ruling

    ruling.list_versions()
