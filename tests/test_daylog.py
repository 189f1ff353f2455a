from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ledgers import day_log
from ncp import daylog
from ncp.daylog import Daylog, visible

if TYPE_CHECKING:
    from pathlib import Path


def test_lines_have_the_documented_form(tmp_path: Path) -> None:
    log = Daylog(str(tmp_path))
    log.note("Executing 'calendar-sync'")
    log.output("calendar-sync", "STDOUT", "Sync complete")
    log.alarm("it broke")
    log.flush()
    stamp = r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]"
    assert re.fullmatch(
        rf"{stamp} INFO: Executing 'calendar-sync'\n"
        rf"{stamp} \[calendar-sync\] STDOUT: Sync complete\n"
        rf"{stamp} ERROR: it broke\n",
        day_log(tmp_path),
    )
    (file,) = (tmp_path / "logs").iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.log", file.name)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü 🎉", "plain ü 🎉"),
        ("two\nlines\r", "two\\nlines\\r"),
        ("tab\tstays", "tab\tstays"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\u202eright to left", "\\u202eright to left"),
        ("\udcff", "\\udcff"),
    ],
)
def test_one_line_stays_one_line(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_nothing_said_is_nothing_written(tmp_path: Path) -> None:
    Daylog(str(tmp_path)).flush()
    assert not (tmp_path / "logs").exists()


def test_much_is_written_before_it_is_held_in_memory(tmp_path: Path) -> None:
    log = Daylog(str(tmp_path))
    log.note("x" * daylog.FLUSH_BYTES)
    assert len(day_log(tmp_path)) > daylog.FLUSH_BYTES


def test_a_full_log_takes_no_more_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Daylog(str(tmp_path))
    log.note("first")
    log.flush()
    monkeypatch.setattr(daylog, "MOST_BYTES", 5)
    log.output("task", "STDOUT", "dropped")
    log.alarm("kept")
    log.flush()
    assert "dropped" not in day_log(tmp_path)
    assert "ERROR: kept" in day_log(tmp_path)


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("in the way")
    log = Daylog(str(tmp_path))
    log.note("x")
    log.flush()
    assert (tmp_path / "logs").read_text() == "in the way"
