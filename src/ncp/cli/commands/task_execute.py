"""`ncp _task-execute`: be the process of one task."""

from __future__ import annotations

from typing import Annotated

import typer

from ncp.api import Schedule

EXAMPLE = "ncp _task-execute d73df9d5-d18f-4a4c-8a70-a66aaaff33ec"


def command(
    task: Annotated[str, typer.Argument(metavar="TASK", help="The id of a task.")],
    part: Annotated[
        str, typer.Argument(metavar="[PART]", help="The number of a step, or onFailure, onSuccess.")
    ] = "",
) -> None:
    """Run one task's action in this process. Called by a firing."""
    Schedule().upkeep.execute(task, part)
