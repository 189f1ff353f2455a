"""A home that the first version of the old tool has left: taken over before the first change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ncp.cli import imported, output

if TYPE_CHECKING:
    from ncp.api import Schedule, Waiting

JOBS = "jobs.json"
CHANGING = frozenset(
    f"ncp schedule {name}"
    for name in (
        *("create", "update", "pause", "resume", "delete"),
        *("sync", "import", "apply", "cleanup", "run", "catchup"),
    )
)
"""Commands that change the schedule; the others only say what was found."""


def arrive(home: Schedule) -> None:
    """Where jobs.json waits, or a document of version 2: migrate before a change, else say so."""
    waiting = home.upkeep.waiting
    if waiting is None:
        return
    context = click.get_current_context(silent=True)
    path = context.command_path if context else ""
    dry = bool(context and context.params.get("dry_run"))
    if path not in CHANGING or dry:
        _tell(waiting)
        return
    from ncp.api import reports  # noqa: PLC0415  once in the life of a home

    report = home.migrate()
    for words in reports.remarks(report):
        output.note(words)
    imported.target(report)
    output.talk(
        f"Migrated {JOBS}: {reports.counts(report)}" if waiting.jobs else "Migrated schedule.json."
    )


def _tell(waiting: Waiting) -> None:
    if waiting.jobs:
        output.note(f"{waiting.jobs} waits to be taken over: ncp schedule migrate")
        return
    output.notes(waiting.repairs)
    output.note("schedule.json is the old tool's, and read as if put right: ncp schedule migrate")
