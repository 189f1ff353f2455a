"""`ncp compile`: artifacts for any target, on any machine; installs nothing."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ncp.api import Schedule, compiling
from ncp.cli import output, plans
from ncp.cli.options import JsonFlag, TargetName, Timezone
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.model import Artifact, Command

EXAMPLE = 'ncp compile "30 8 * * 1-5" --target launchd'
END_OF_INPUT = "END"


def command(
    schedule: Annotated[
        str | None,
        typer.Argument(
            metavar="[CRON|PHRASE]", help="What to compile; default: the whole schedule."
        ),
    ] = None,
    target: TargetName = None,
    timezone: Timezone = None,
    batch: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="One expression per line (-: standard input) to one JSON object per line.",
        ),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Show what a schedule compiles to, and how exactly.

    Prints files and commands for any target, on any machine, and installs nothing.
    """
    home = Schedule()
    if batch is not None:
        _refuse_both(schedule)
        for one in home.compile_lines(_lines(batch), target=target, timezone=timezone):
            output.as_json(one, one_line=True)
        return
    found = home.compile(schedule, target=target, timezone=timezone)
    for note in found.notes:
        output.note(note)
    trees = [compiling.tree(artifact) for artifact in found.artifacts]
    if json:
        whole = {"target": found.target, "timings": trees}
        output.as_json(whole if schedule is None else trees[0])
    elif trees:
        _show(found.artifacts)
    else:
        output.talk('Nothing to compile here. Give an expression: ncp compile "0 9 * * 1-5"')


def _show(artifacts: Iterable[Artifact]) -> None:
    """Print files that timings share once."""
    shown = set[tuple[str, str]]()
    for artifact in artifacts:
        timing = artifact.timing
        output.line(f"# {timing.id}: {output.visible(timing.name)}", style="bold")
        if not artifact.files:
            output.data(f"no entry: {compiling.title(artifact.target)}")
        for file in artifact.files:
            if (file.path, file.text) not in shown:
                output.line(f"==> {output.visible(file.path)} <==", style="cyan")
                output.data(file.text)
            shown.add((file.path, file.text))
        for title, commands in (("load", artifact.load), ("unload", artifact.unload)):
            for one in commands:
                output.data(f"{title}: {_typed(one, artifact)}")
        output.data(plans.exactness(compiling.tree(artifact)))


def _typed(command: Command, artifact: Artifact) -> str:
    """Write a command as one would type it."""
    text = output.visible(shlex.join(command.argv))
    if command.stdin is None:
        return text
    if command.stdin in {file.text for file in artifact.files}:
        return f"{text}  # reads the text above"
    return f"{text} <<'{END_OF_INPUT}'\n{command.stdin.rstrip()}\n{END_OF_INPUT}"


def _refuse_both(schedule: str | None) -> None:
    if schedule is not None:
        raise InputError(
            "Both an expression and a batch of them were given.",
            where="--batch",
            next_step='Write: ncp compile "0 9 * * *", or: ncp compile --batch FILE',
        )


def _lines(path: str) -> Iterator[str]:
    """Read lines without their ends; what is not UTF-8 is refused later, in its line."""
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f"It cannot be read: {error.strerror}.",
            where=path,
            next_step="Name a file with one expression per line, or - for standard input.",
        ) from None
    lines = data.decode(errors="replace").split("\n")
    yield from (line.removesuffix("\r") for line in (lines[:-1] if not lines[-1] else lines))
