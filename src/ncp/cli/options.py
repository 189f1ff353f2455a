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
Description = Annotated[str | None, typer.Option(help="A remark to keep with it.")]
Timeout = Annotated[
    float | None, duration("--timeout", "Stop it after that long: 5m, 1h30m, 90 (s); 0: never.")
]
Grace = Annotated[float | None, duration("--grace", "From SIGTERM to SIGKILL; default 5s.")]
OverlapWord = Annotated[
    str | None,
    typer.Option(
        "--overlap",
        metavar="WORD",
        help="If it still runs at its next slot: skip (default), queue, replace or allow.",
    ),
]
PriorityWord = Annotated[
    str | None,
    typer.Option(
        "--priority",
        metavar="WORD",
        help="Start order, nice level: critical, high, medium (default) or low.",
    ),
]
ActiveHoursText = Annotated[
    str | None,
    typer.Option(
        "--active-hours",
        metavar="HOURS",
        help='Start it only then: "mon-fri 09:00-17:00", "22:00-06:00".',
    ),
]
LimitMemory = Annotated[
    int | None,
    typer.Option(
        "--limit-memory",
        parser=reading(amounts.megabytes, "--limit-memory"),
        metavar="SIZE",
        help="End it if it needs more memory: 512MB, 2G, 512 (MB).",
    ),
]
LimitCpu = Annotated[
    int | None,
    duration("--limit-cpu", "End it if it computes longer: 10m, 90 (s).", amounts.whole_seconds),
]
LimitFiles = Annotated[
    int | None,
    typer.Option("--limit-files", min=1, metavar="N", help="Files it may have open at once."),
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
AfterTasks = Annotated[
    list[str] | None,
    typer.Option(
        "--after",
        metavar="TASK[:WORD]",
        help="Wait for another task of the same slot: success (default), failure or any.",
        autocompletion=completing.tasks,
    ),
]
RetryCount = Annotated[
    int | None,
    typer.Option(
        "--retries",
        min=1,
        max=10,
        metavar="N",
        help="Try up to N times more for the slot (up to 10).",
    ),
]
RetryDelay = Annotated[
    float | None, duration("--retry-delay", "Before the first retry; default 30s.")
]
RetryBackoff = Annotated[
    float | None, typer.Option(metavar="FACTOR", help="Growth of the delay; default 2.")
]
RetryMaxDelay = Annotated[
    float | None, duration("--retry-max-delay", "The longest delay; default 1h.")
]
RetryOn = Annotated[
    str | None,
    typer.Option(metavar="WORD", help="Retry after a failure, a timeout, or both (default)."),
]
Steps = Annotated[
    list[str] | None,
    typer.Option(
        "--step",
        metavar="[NAME: ]LINE",
        help="A step, for /bin/sh -c; several, in order, instead of COMMAND.",
    ),
]
OnFailure = Annotated[
    str | None,
    typer.Option(metavar="LINE", help="Run that (/bin/sh -c) when it has failed for good."),
]
OnSuccess = Annotated[
    str | None, typer.Option(metavar="LINE", help="Run that (/bin/sh -c) when it succeeded.")
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
EnvFile = Annotated[
    str | None,
    typer.Option("--env-file", metavar="FILE", help="Set the variables in it (mode 0600)."),
]
Stdin = Annotated[str | None, typer.Option(metavar="TEXT", help="What it reads on standard input.")]
MaxExecutions = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Stop after N executions.")
]
EndDate = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="Fire no more from then on: 2027-01-01, tomorrow, 2w, ISO 8601."
    ),
]
