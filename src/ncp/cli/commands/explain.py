"""`ncp schedule explain`: a schedule in a sentence, and what each target makes of it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ncp.api import Schedule
from ncp.cli import output, plans, report
from ncp.cli.options import JsonFlag, Timezone
from ncp.model import Every

EXAMPLE = 'ncp schedule explain "0 0 13 * 5"'


def command(
    schedule: Annotated[
        str,
        typer.Argument(
            metavar="EXPR|TIMING|TASK",
            help="A cron expression, words, or a task or timing of yours.",
        ),
    ],
    timezone: Timezone = None,
    json: JsonFlag = False,
) -> None:
    """Say in a sentence when a schedule is due.

    Also its canonical form, its next slots, and what each target would get.
    """
    found = Schedule().explain(schedule, timezone=timezone)
    for note in found.notes:
        output.note(note)
    if json:
        output.as_json(found.tree)
    else:
        _show(found.tree)


def _show(found: dict[str, Any]) -> None:
    output.line(found["sentence"], style="bold")
    output.line()
    output.line(f"Canonical  {found['cron'] or found.get('at', 'never')}")
    if "every" in found:
        every = Every(**found["every"])
        output.line(f"Interval   {every.text}")
    output.line(f"Timing     {found['timingId']}")
    zone = found["timezone"]
    for number, slot in enumerate(found["slots"]):
        output.line(f"{'' if number else 'Next':9}  {report.clock_of(slot, zone)}")
    if not found["targets"]:
        return
    output.line()
    output.table(("TARGET", "WAKES", "BYTES"), (_row(row) for row in found["targets"]))


def _row(target: dict[str, Any]) -> tuple[str, str, str]:
    if "error" in target:
        return target["target"], target["error"], "-"
    return target["target"], plans.exactness(target), str(target["bytes"])
