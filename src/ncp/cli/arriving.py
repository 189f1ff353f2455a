"""A home that the first version of the old tool has left: taken over before the first change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from ncp.cli import imported, output

if TYPE_CHECKING:
    from ncp.applying.site import Site

JOBS = "jobs.json"
CHANGING = frozenset(
    f"ncp schedule {name}"
    for name in (
        *("create", "update", "pause", "resume", "delete"),
        *("sync", "import", "apply", "cleanup", "run", "catchup"),
    )
)
"""Commands that change the schedule; the others only say what was found."""


def arrive(site: Site) -> None:
    """Where jobs.json waits, or a document of version 2: migrate before a change, else say so."""
    repairs, old = site.document.repairs, bool(site.document.counters)
    jobs = os.path.lexists(site.home.path / JOBS)
    if not (jobs or repairs or old):
        return
    context = click.get_current_context(silent=True)
    path = context.command_path if context else ""
    dry = bool(context and context.params.get("dry_run"))
    if path not in CHANGING or dry:
        _tell(site, jobs=jobs)
        return
    from ncp.intake import reporting  # noqa: PLC0415  once in the life of a home
    from ncp.migrating import deed  # noqa: PLC0415  same

    report = deed.migrate(site)
    for words in reporting.remarks(report):
        output.note(words)
    imported.target(report)
    output.talk(
        f"Migrated {JOBS}: {reporting.counts(report)}" if jobs else "Migrated schedule.json."
    )


def _tell(site: Site, *, jobs: bool) -> None:
    if jobs:
        output.note(f"{site.home.path / JOBS} waits to be taken over: ncp schedule migrate")
        return
    for words in site.document.repairs:
        output.note(words)
    output.note("schedule.json is the old tool's, and read as if put right: ncp schedule migrate")
