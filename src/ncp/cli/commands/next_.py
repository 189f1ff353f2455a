"""`ncp schedule next`: when a schedule is due."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from ncp.api import Schedule, moments, views
from ncp.cli import given, output, report
from ncp.cli.options import JsonFlag, Timezone
from ncp.errors import InputError

EXAMPLE = 'ncp schedule next "30 2 * * *" --timezone Europe/Berlin --from 2027-03-27 --count 3'
MOST = 10_000
YEARS = range(1970, 2200)
"""The tables of time zones say little before, and nothing of what comes after."""


def command(
    schedule: Annotated[
        str,
        typer.Argument(
            metavar="EXPR", help="A cron expression, words, or a task or timing of yours."
        ),
    ],
    timezone: Timezone = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="Slots strictly after it; default: now."),
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=MOST, help="How many.")] = 5,
    json: JsonFlag = False,
) -> None:
    """Show the next slots of a schedule, in its zone and in UTC."""
    home = Schedule()
    found = home.next(schedule, timezone=timezone, count=0 if start else count)
    if start:
        after = _start(start, home.host.now, found.zone)
        found = home.next(schedule, timezone=timezone, after=after, count=count)
    for note in found.notes:
        output.note(note)
    if json:
        output.as_json(found.tree)
    elif found.slots:
        rows = (_row(slot, found.zone) for slot in found.slots)
        output.table((f"LOCAL ({found.zone})", "UTC"), rows)
    else:
        output.talk(f"It comes no more after {views.iso(found.after)}.")


def _start(text: str, now: datetime, zone: str) -> datetime:
    found = given.moment(text, now, zone, "--from", ahead=True)
    if found.year not in YEARS:
        raise InputError(
            f"Years from {YEARS[0]} to {YEARS[-1]} can be looked at.",
            where=f"--from {text}",
            next_step="Write for example: --from 2027-03-28T00:00:00Z",
        )
    return found


def _row(slot: datetime, zone: str) -> tuple[str, str]:
    return report.clock(moments.local(slot, zone)), views.iso(slot.astimezone(UTC))
