"""Options and arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Timezone = Annotated[
    str | None,
    typer.Option(
        "--timezone", "-z", metavar="ZONE", help="An IANA time zone; default: the machine's own."
    ),
]
TargetName = Annotated[
    str | None,
    typer.Option("--target", "-t", metavar="TARGET", help="The native scheduler to use."),
]
TaskArgument = Annotated[
    str, typer.Argument(metavar="TASK", help="A task's id, the start of its id, or its name.")
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="How many to show.")]
