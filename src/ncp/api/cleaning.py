"""Retention by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp.runner.cleaning import Cleaning

if TYPE_CHECKING:
    from ncp.applying.site import Site


@dataclass(frozen=True, slots=True)
class Cleaned:
    """How many of each were removed; a dry run counts executions and their output only."""

    dry_run: bool
    executions: int = 0
    output_files: int = 0
    bytes: int = 0
    slots: int = 0
    daily_logs: int = 0


def clean(
    site: Site,
    *,
    max_age: int | None = None,
    max_per_task: int | None = None,
    dry_run: bool = False,
) -> Cleaned:
    """Remove what is older than `max_age` days or more than `max_per_task` of a task.

    Without them the settings of the home hold; the newest of each task stays.
    """
    settings = site.settings
    if not site.home.ledger.exists():
        return Cleaned(dry_run)
    cleaning = Cleaning(
        site.ledger,
        str(site.home.path),
        max_age or settings.retention_days or None,
        max_per_task or settings.retention_per_task or None,
    )
    if dry_run:
        cleaning.preview()
    else:
        cleaning.carry_out()
    counts = (cleaning.executions, cleaning.files, cleaning.bytes, cleaning.slots, cleaning.logs)
    return Cleaned(dry_run, *counts)
