"""`ncp schedule run`: run a task now."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ncp.api import running
from ncp.cli import output, report
from ncp.cli.opening import opened
from ncp.cli.options import JsonFlag

EXAMPLE = "ncp schedule run backup"
STDOUT, STDERR = 1, 2


def command(
    task: Annotated[
        str,
        typer.Argument(
            metavar="TASK|TIMING", help="A task's id or name, or a timing for its active tasks."
        ),
    ],
    json: JsonFlag = False,
) -> int:
    """Run a task, or a timing's active tasks, now; no slot of theirs is used up.

    What they print is shown as it comes (on stderr with --json) and kept.
    """
    home = opened()
    sys.stdout.flush()
    ran = running.now(home, task, echo_fd=STDERR if json else STDOUT)
    if json:
        output.as_json({"executions": ran.executions})
    for one in ran.executions:
        name, status = output.visible(one["taskName"]), one["status"]
        reason = f": {one['reason']}" if one["reason"] else ""
        code = f", exit code {one['exitCode']}" if one["exitCode"] else ""
        output.talk(f'"{name}" {status} in {report.took(one["durationMs"])}{code}{reason}')
    return ran.code
