"""Retention by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.runner.cleaning import Cleaning

if TYPE_CHECKING:
    from ncp.applying.site import Site


def clean(
    site: Site,
    *,
    max_age: int | None = None,
    max_per_task: int | None = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Remove what is older than `max_age` days or more than `max_per_task` of a task.

    Without them the settings of the home hold; the newest of each task stays.
    Returns counts; a dry run counts executions and their output only.
    """
    settings = site.settings
    done = dict.fromkeys(("executions", "outputFiles", "bytes", "slots", "dailyLogs"), 0)
    if site.home.ledger.exists():
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
        counts = (cleaning.executions, cleaning.files, cleaning.bytes, cleaning.slots)
        done = dict(zip(done, (*counts, cleaning.logs), strict=True))
    return {"dryRun": dry_run, **done}
