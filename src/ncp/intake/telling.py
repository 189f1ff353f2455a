"""What the machine was told for a schedule, or would be: the end of each report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp.applying import changing, installing

if TYPE_CHECKING:
    from ncp.applying.changing import Outcome
    from ncp.applying.site import Site
    from ncp.intake.items import Report
    from ncp.model import Schedule


def foreseen(site: Site, schedule: Schedule, report: Report, asked: str | None) -> Report:
    """Complete a report with what the machine would be told for a schedule."""
    target = changing.choice(site, asked).name
    wanted = installing.artifacts(schedule, target, site.host)
    changes = installing.plan(wanted, target, site.host)[0]
    return replace(report, target=target, changes=changes)


def done(report: Report, outcome: Outcome) -> Report:
    """Complete a report with what the machine was told."""
    choice = outcome.choice
    return replace(report, target=choice.name, changes=outcome.changes, chosen=choice.news)
