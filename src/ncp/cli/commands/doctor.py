"""`ncp doctor`: why something does not fire, and the command that mends it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from ncp import doctor
from ncp.api import Schedule
from ncp.cli import output
from ncp.cli.options import JsonFlag
from ncp.doctor import mending
from ncp.errors import TASK_FAILED, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.doctor import Diagnosis
    from ncp.doctor.mending import Mended

EXAMPLE = "ncp doctor --fix"
STYLES = {"ok": "green", "warning": "yellow", "error": "red"}


def command(
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend what can be mended safely, and say what was done.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --fix: only say what would be done.")
    ] = False,
    json: JsonFlag = False,
) -> int:
    """Check everything that a firing needs; changes nothing without --fix."""
    if dry_run and not fix:
        raise InputError(
            "Without --fix nothing is done.", where="--dry-run", next_step="Write: --fix --dry-run"
        )
    site = Schedule().site
    mended = mending.mend(site, dry_run=dry_run) if fix else []
    diagnosis = doctor.diagnose(site)

    def report() -> None:
        if json:
            output.as_json(
                {
                    **({"mended": [asdict(one) for one in mended]} if fix else {}),
                    "findings": [asdict(found) for found in diagnosis.findings],
                }
            )
        else:
            _show_mended(mended, "would" if dry_run else "done")
            _show(diagnosis)

    output.tell(report)
    return diagnosis.exit_code or (TASK_FAILED if any(one.error for one in mended) else 0)


def _show_mended(mended: Iterable[Mended], how: str) -> None:
    for one in mended:
        word = "failed" if one.error else how
        text = f"{word:8}{output.visible(one.subject)}: {output.visible(one.message)}"
        output.line(text, style="red" if one.error else "")


def _show(diagnosis: Diagnosis) -> None:
    for found in diagnosis.findings:
        text = f"{found.level:8}{output.visible(found.subject)}: {output.visible(found.message)}"
        output.line(text, style=STYLES[found.level] if found.level != "ok" else "")
        if found.mend:
            output.line(f"{'':8}To mend it: {output.visible(found.mend)}")
