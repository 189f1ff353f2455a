"""A home that the first version of the old tool has left: taken over before the first change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ncp.cli import output

if TYPE_CHECKING:
    from ncp.applying.site import Site

JOBS = "jobs.json"
CHANGING = frozenset(
    f"ncp schedule {name}"
    for name in (
        *("create", "update", "pause", "resume", "delete"),
        *("sync", "import", "apply", "cleanup"),
    )
)
"""Commands that change the schedule; the others only say what was found."""


def arrive(site: Site) -> None:
    """Where jobs.json waits: migrate it before a change, else say so."""
    if not (site.home.path / JOBS).exists():
        return
    context = click.get_current_context(silent=True)
    path = context.command_path if context else ""
    dry = bool(context and context.params.get("dry_run"))
    if path not in CHANGING or dry:
        output.note(f"{site.home.path / JOBS} waits to be taken over: ncp schedule migrate")
        return
    from ncp.importing import reporting  # noqa: PLC0415  once in the life of a home
    from ncp.importing.migrating import deed  # noqa: PLC0415  same

    report = deed.migrate(site)
    for words in reporting.remarks(report):
        output.note(words)
    output.talk(f"Migrated {JOBS}: {reporting.counts(report)}")
