"""What an import did, or would do: the table, the remarks, the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import errors
from ncp.api import reports
from ncp.cli import output

if TYPE_CHECKING:
    from ncp.api import Report
    from ncp.model import Host


def show(report: Report, host: Host, *, json: bool) -> int:
    """Print a report, the table on stdout, the rest beside it; return the exit code."""
    if json:
        output.as_json(reports.tree(report, host))
    elif report.lines:
        output.table(reports.HEADINGS, reports.rows(report, host))
    for words in reports.remarks(report):
        output.note(words)
    target(report)
    output.talk(reports.counts(report))
    return errors.BAD_INPUT if report.partial else errors.DONE


def target(report: Report) -> None:
    """Say which target the home has from now on, and why."""
    if report.chosen:
        output.talk(f"Target: {report.target} ({report.chosen}).")
