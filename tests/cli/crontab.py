"""A crontab program for PATH: it keeps the table in a file, counts writes, and can refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from cli.conftest import Ncp

PROGRAM = """#!/bin/sh
cd '{folder}' || exit 9
[ -e refuses ] && {{ echo "you are not allowed to use this program" >&2; exit 1; }}
case "$1" in
    -l) cat table 2>/dev/null || {{ echo "no crontab for ann" >&2; exit 1; }} ;;
    -r) rm table; echo r >>writes ;;
    -) cat >table; echo w >>writes ;;
esac
"""


class Crontab:
    """The user's table."""

    def __init__(self, ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = ncp.user_home / "fake"
        programs = self.folder / "bin"
        programs.mkdir(parents=True)
        (programs / "crontab").write_text(PROGRAM.format(folder=self.folder))
        (programs / "crontab").chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}:{ncp.environment['PATH']}")
        (ncp.home / "config.toml").write_text('target = "cron"\n')

    @property
    def table(self) -> Path:
        return self.folder / "table"

    @property
    def text(self) -> str:
        return self.table.read_text() if self.table.exists() else ""

    @property
    def lines(self) -> list[str]:
        """The lines of the table that run something of ncp's."""
        return [line for line in self.text.splitlines() if "_timing-run" in line]

    @property
    def writes(self) -> int:
        path = self.folder / "writes"
        return len(path.read_text().splitlines()) if path.exists() else 0

    def refuse(self) -> None:
        (self.folder / "refuses").touch()

    def allow(self) -> None:
        (self.folder / "refuses").unlink()
