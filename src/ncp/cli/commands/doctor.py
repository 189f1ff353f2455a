"""`ncp doctor`: why something does not fire, and the command that mends it."""

from __future__ import annotations

from dataclasses import asdict

from ncp import doctor
from ncp.api import Schedule
from ncp.cli import output
from ncp.cli.options import JsonFlag

EXAMPLE = "ncp doctor"
STYLES = {"ok": "green", "warning": "yellow", "error": "red"}


def command(json: JsonFlag = False) -> int:
    """Check everything that a firing needs; changes nothing."""
    diagnosis = doctor.diagnose(Schedule().site)
    if json:
        output.as_json({"findings": [asdict(found) for found in diagnosis.findings]})
        return diagnosis.exit_code
    for found in diagnosis.findings:
        text = f"{found.level:8}{output.visible(found.subject)}: {output.visible(found.message)}"
        output.line(text, style=STYLES[found.level] if found.level != "ok" else "")
        if found.mend:
            output.line(f"{'':8}To mend it: {output.visible(found.mend)}")
    return diagnosis.exit_code
