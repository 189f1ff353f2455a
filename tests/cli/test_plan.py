from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from cli.crontab import Crontab
from ncp.cli import plans
from ncp.model import Changes, Entry

if TYPE_CHECKING:
    from cli.conftest import Ncp


@pytest.fixture
def crontab(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> Crontab:
    return Crontab(ncp, monkeypatch)


def test_a_plan_has_a_sign_for_each_entry(ncp: Ncp, crontab: Crontab) -> None:
    for schedule in ("hourly", "0 9 * * *", "every 5 minutes", "0 0 1 * *"):
        ncp.create(schedule)
    edited = crontab.text.replace("0 9 * * * /bin", "0 8 * * * /bin").replace(
        "monthly-1st-midnight", "of-another-time"
    )
    kept = [line for line in edited.splitlines() if "*/5" not in line]
    crontab.table.write_text("".join(f"{line}\n" for line in kept))
    said = ncp("schedule", "plan")
    assert said.out.splitlines() == [
        "+ every-5min",
        "+ monthly-1st-midnight",
        "~ daily-9am",
        "- of-another-time",
        "= hourly",
    ]
    assert "2 to add, 1 to change, 1 to remove, 1 as wanted on cron." in said.err


def test_a_plan_changes_nothing(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly")
    crontab.table.unlink()
    before = crontab.writes
    said = ncp("schedule", "plan")
    assert (said.out, crontab.text, crontab.writes) == ("+ hourly\n", "", before)
    assert "To do it: ncp schedule sync" in said.err


def test_the_json_of_a_plan_lists_keys_by_what_happens_to_them(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly")
    assert ncp("schedule", "plan", "--json").json == {
        "target": "cron",
        "reason": "recorded in config.toml",
        "add": [],
        "change": [],
        "remove": [],
        "keep": ["hourly"],
    }
    assert len(crontab.lines) == 1


def test_nothing_to_do_is_said_without_an_invitation(ncp: Ncp) -> None:
    said = ncp("schedule", "plan")
    assert (said.code, said.out) == (0, "")
    assert said.err == "0 to add, 0 to change, 0 to remove, 0 as wanted on embedded.\n"


def test_a_crontab_that_cannot_be_read_stops_the_plan(ncp: Ncp, crontab: Crontab) -> None:
    crontab.refuse()
    said = ncp("schedule", "plan")
    assert said.code == 4
    assert "you are not allowed to use this program" in said.err


@pytest.mark.parametrize("columns", [60, 80])
def test_a_path_that_a_terminal_has_no_room_for_keeps_its_end(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = f"/home/{'a' * 90}/.config/systemd/user/ncp-hourly.timer"
    changes = Changes(add=(Entry(path, ""), Entry("hourly", "")), change=(), remove=(), keep=())
    plans.entries(changes)
    assert capsys.readouterr().out == f"+ {path}\n+ hourly\n"
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    plans.entries(changes)
    cut, whole = capsys.readouterr().out.splitlines()
    assert (len(cut), whole) == (columns, "+ hourly")
    assert cut.startswith("+ …")
    assert cut.endswith("/.config/systemd/user/ncp-hourly.timer")
