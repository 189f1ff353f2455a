"""`ncp schedule next`: when a schedule is due."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from ncp.api import Schedule, looking, views
from ncp.cli import given, output, report
from ncp.cli.options import JsonFlag, Timezone
from ncp.cron import calendar
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
    site = Schedule().site
    timing, notes = looking.subject(site, schedule, timezone)
    zone = timing.zone or site.host.zone
    after = _start(start, site.host.now, zone) if start else site.host.now
    slots = looking.upcoming(site, timing, after, count)
    for note in notes:
        output.note(note)
    if json:
        output.as_json(looking.next_tree(site, timing, slots))
    elif slots:
        output.table((f"LOCAL ({zone})", "UTC"), (_row(slot, zone) for slot in slots))
    else:
        output.talk(f"It comes no more after {views.iso(after)}.")


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
    return report.clock(calendar.local(slot, zone)), views.iso(slot.astimezone(UTC))
