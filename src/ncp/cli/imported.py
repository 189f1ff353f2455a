"""What an import did, or would do: the table, the remarks, the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.cli import output
from ncp.importing import reporting

if TYPE_CHECKING:
    from ncp.importing.items import Report
    from ncp.model import Host


def show(report: Report, host: Host, *, json: bool) -> None:
    """Print a report: the table on stdout, the rest beside it."""
    if json:
        output.as_json(reporting.tree(report, host))
    elif report.lines:
        output.table(reporting.HEADINGS, reporting.rows(report, host))
    for words in reporting.remarks(report):
        output.note(words)
    output.talk(reporting.counts(report))
