"""Options and arguments that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ncp import amounts
from ncp.cli import completing
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable


def reading(read: Callable[[str], Any], option: str) -> Callable[[object], Any]:
    """Let a reader of amounts read an option's value; its advice becomes the whole option."""

    def parse(given: object) -> Any:  # a default comes here, too
        try:
            return read(str(given))
        except InputError as error:
            value = error.next_step.removeprefix("Write: ")
            value = f"'{value}'" if " " in value else value
            raise InputError(
                error.what, where=option, next_step=f"Write: {option} {value}"
            ) from None

    return parse


def duration(option: str, text: str, read: Callable[[str], float] = amounts.seconds) -> Any:
    """An option that takes a duration."""
    return typer.Option(option, parser=reading(read, option), metavar="DURATION", help=text)


JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]
WeekdaysOption = Annotated[
    str | None,
    typer.Option(
        "--weekdays",
        metavar="cron|monday",
        help="What weekday 0 of a YAML file is: Sunday as cron has it, or Monday, where a day "
        "of the month must match too; default: Monday for files with a scheduler: section "
        "and tasks with a path:.",
        show_default=False,
    ),
]
RawFlag = Annotated[
    bool, typer.Option("--raw", help="What was printed byte for byte, on a terminal too.")
]
Timezone = Annotated[
    str | None,
    typer.Option(
        "--timezone", "-z", metavar="ZONE", help="An IANA time zone; default: the machine's own."
    ),
]
TargetName = Annotated[
    str | None,
    typer.Option(
        "--target",
        "-t",
        metavar="TARGET",
        help="The native scheduler to use.",
        autocompletion=completing.targets,
    ),
]
TaskArgument = Annotated[
    str,
    typer.Argument(
        metavar="TASK",
        help="A task's id, the start of its id, or its name.",
        autocompletion=completing.tasks,
    ),
]
TaskArguments = Annotated[
    list[str],
    typer.Argument(
        metavar="TASK...",
        help="Tasks, each by its id, the start of its id, or its name.",
        autocompletion=completing.tasks,
    ),
]
TAG_HELP = "Tasks with that tag; again for more."
Tags = Annotated[
    list[str] | None,
    typer.Option("--tag", metavar="WORD", help=TAG_HELP, autocompletion=completing.tags),
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many to show.")]
References = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TASK|TIMING...",
        help="Ids or names of tasks, or ids of timings; task:X, timing:X where X is both.",
        autocompletion=completing.tasks_and_timings,
    ),
]
Reference = Annotated[
    str | None,
    typer.Argument(
        metavar="TASK|TIMING",
        help="A task's id or name, or the id of a timing; task:X, timing:X where X is both.",
        autocompletion=completing.tasks_and_timings,
    ),
]
ServerName = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="A server of mcp.json: see ncp mcp servers.",
        autocompletion=completing.servers,
    ),
]


Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="-- COMMAND...", help="What to run, as typed, behind --.", show_default=False
    ),
]
Name = Annotated[str | None, typer.Option("--name", help="What to call the task.")]
Timeout = Annotated[
    float | None, duration("--timeout", "Stop it after that long: 5m, 1h30m, 90 (s); 0: never.")
]
Nice = Annotated[
    int | None,
    typer.Option(
        "--nice", min=-20, max=19, metavar="N", help="Nice level, whatever its priority says."
    ),
]
Umask = Annotated[
    str | None,
    typer.Option("--umask", metavar="OCTAL", help="What its new files are not: 022, 077."),
]
Jitter = Annotated[
    float | None, duration("--jitter", "Start it up to that much later, at random: 5m.")
]
Env = Annotated[
    list[str] | None,
    typer.Option(
        "--env",
        "-e",
        metavar="NAME=VALUE",
        help="Set a variable, or file:PATH for a secret.",
    ),
]
