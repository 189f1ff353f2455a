"""`ncp doctor`: why something does not fire, and the command that mends it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from ncp.api import Schedule
from ncp.cli import output
from ncp.cli.options import JsonFlag
from ncp.errors import InputError

if TYPE_CHECKING:
    from ncp.api import Examined

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
    found = Schedule().doctor(fix=fix, dry_run=dry_run)

    def report() -> None:
        if json:
            output.as_json(
                {
                    **({"mended": [asdict(one) for one in found.mended]} if fix else {}),
                    "findings": [asdict(one) for one in found.findings],
                }
            )
        else:
            _show_mended(found, "would" if dry_run else "done")
            _show(found)

    output.tell(report)
    return found.code


def _show_mended(found: Examined, how: str) -> None:
    for one in found.mended:
        word = "failed" if one.error else how
        text = f"{word:8}{output.visible(one.subject)}: {output.visible(one.message)}"
        output.line(text, style="red" if one.error else "")


def _show(found: Examined) -> None:
    for one in found.findings:
        text = f"{one.level:8}{output.visible(one.subject)}: {output.visible(one.message)}"
        output.line(text, style=STYLES[one.level] if one.level != "ok" else "")
        if one.mend:
            output.line(f"{'':8}To mend it: {output.visible(one.mend)}")
