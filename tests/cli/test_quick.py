"""What is answered without reading the document is what reading it would have answered."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ncp.cli import quick
from ncp.host import clock_shows

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.conftest import Ncp, Said

ASKED = [
    ("--version",),
    ("schedule", "list"),
    ("schedule", "list", "--status", "active"),
    ("schedule", "list", "--status", "paused"),
    ("schedule", "executions"),
    ("schedule", "executions", "-n", "2"),
    ("schedule", "executions", "--json", "--limit", "3"),
    ("schedule", "executions", "good", "--status", "success"),
    ("schedule", "executions", "hourly"),
    ("schedule", "executions", "--json", "nosuch", "--status", "planned"),
]
LEFT_TO_THE_DOOR = [
    (),
    ("--help",),
    ("schedule",),
    ("schedule", "list", "--json"),
    ("schedule", "list", "--status"),
    ("schedule", "list", "--status", "odd"),
    ("schedule", "list", "--status", "completed"),  # none: it says how to make one
    ("schedule", "list", "good"),
    ("schedule", "list", "--debug"),
    ("schedule", "executions", "-n", "0"),
    ("schedule", "executions", "-n", "x"),
    ("schedule", "executions", "-n", "1", "-n", "2"),
    ("schedule", "executions", "--since", "2026-11-20"),
    ("schedule", "executions", "--status", "odd"),
    ("schedule", "executions", "good", "bad"),
    ("schedule", "executions", "goof"),
    ("schedule", "executions", "twin"),
    ("schedule", "executions", "a\\b"),
    ("schedule", "executions", "\udce4"),
    ("schedule", "logs"),
]


@pytest.fixture
def busy(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> Ncp:
    """Tasks of every kind of timing and state, some of which have run; and a full look."""
    ncp.create("daily at 9am", name="good")
    ncp.create("hourly", "sh", "-c", "exit 3", name="bad")
    ncp.create("0 0 29 2 *", name="leap")
    ncp.create("every 3 weeks on monday at 9am", name="nosuch")
    ncp.create("in 3 hours", name="ünïcode 時計\n")
    ncp.create("daily at 9am", name="late", timezone="Asia/Tokyo")
    for _ in range(2):
        ncp.create("daily at 9am", name="twin")
    for name in ("good", "bad", "good"):
        ncp("schedule", "run", name)
    ncp("schedule", "pause", "late")
    ncp("schedule", "list", "--json")
    monkeypatch.delenv("_NCP_COMPLETE", raising=False)
    return ncp


def at_the_door(ncp: Ncp, argv: tuple[str, ...]) -> Said:
    """What the whole program answers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quick, "answer", lambda _: None)
        return ncp(*argv)


@pytest.mark.parametrize("argv", ASKED, ids=" ".join)
def test_a_quick_answer_is_the_answer(busy: Ncp, argv: tuple[str, ...]) -> None:
    slow = at_the_door(busy, argv)
    assert slow.code == 0
    if slow.out:
        assert quick.answer(list(argv)) == 0
    assert busy(*argv) == slow


@pytest.mark.parametrize("argv", LEFT_TO_THE_DOOR, ids=repr)
def test_what_needs_more_is_left_to_the_door_unprinted(
    busy: Ncp, argv: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    assert busy("schedule", "list").out.count("\n") == 9
    assert quick.answer(list(argv)) is None
    assert capfd.readouterr() == ("", "")


def test_a_paused_task_is_listed_where_all_have_run(ncp: Ncp) -> None:
    ncp.create("hourly", name="a")
    ncp("schedule", "run", "a")
    ncp("schedule", "pause", "a")
    assert "paused" in ncp("schedule", "list").out


def test_rows_come_in_the_order_of_the_document_also_after_changes(busy: Ncp) -> None:
    busy("schedule", "delete", "bad")
    busy("schedule", "update", "good", "--schedule", "hourly")
    busy.create("daily at 9am", name="new")
    busy("schedule", "list", "--json")
    assert quick.answer(["schedule", "list"]) == 0
    assert busy("schedule", "list") == at_the_door(busy, ("schedule", "list"))


def meta(ncp: Ncp, key: str, value: str) -> None:
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
    book.close()


MOVED: dict[str, Callable[[Ncp], object]] = {
    "an unfinished change": lambda ncp: meta(ncp, "pending", "1"),
    "a stale copy": lambda ncp: meta(ncp, "document", "old"),
    "a copy for another zone": lambda ncp: meta(ncp, "zone", "old"),
    "no seal": lambda ncp: meta(ncp, "seal", ""),
    "an edited document": lambda ncp: os.utime(ncp.home / "schedule.json"),
    "a document that others may write": lambda ncp: (ncp.home / "schedule.json").chmod(0o620),
    "a home that others may write": lambda ncp: ncp.home.chmod(0o770),
    "new settings": lambda ncp: (ncp.home / "config.toml").write_text("target = 'cron'\n"),
    "another launcher": lambda ncp: (ncp.home / "bin" / "ncp").write_text("exit"),
    "no document": lambda ncp: (ncp.home / "schedule.json").rename(ncp.home / "away"),
    "no ledger": lambda ncp: (ncp.home / "state.db").rename(ncp.home / "away"),
    "a ledger that is none": lambda ncp: [
        file.write_text("no" * 5000) for file in ncp.home.glob("state.db*")
    ],
}


@pytest.mark.parametrize("move", MOVED.values(), ids=MOVED.keys())
def test_a_home_that_has_moved_is_looked_at_in_full(
    busy: Ncp, move: Callable[[Ncp], object]
) -> None:
    assert quick.answer(["schedule", "list"]) == 0
    move(busy)
    assert quick.answer(["schedule", "list"]) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TZ", "America/New_York"),
        ("PYTHONTZPATH", "/tmp"),
        ("_NCP_COMPLETE", "x"),
        ("NCP_HOME", "~/x"),
    ],
)
def test_an_environment_that_changes_the_answer_is_looked_at_in_full(
    busy: Ncp, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert busy("schedule", "list").code == 0
    monkeypatch.setenv(name, value)
    assert quick.answer(["schedule", "list"]) is None


def test_what_may_still_run_is_looked_at_in_full(busy: Ncp) -> None:
    with sqlite3.connect(busy.home / "state.db") as book:
        book.execute("UPDATE executions SET status = 'running' WHERE number = 1")
    book.close()
    assert quick.answer(["schedule", "executions"]) is None


def test_tasks_that_wait_for_others_are_looked_at_in_full(busy: Ncp) -> None:
    assert busy("schedule", "create", "hourly", "--after", "bad", "--", "true").code == 0
    assert quick.answer(["schedule", "list"]) is None
    assert "AFTER" in busy("schedule", "list").out


def test_a_broken_document_is_told_although_it_was_in_order_before(busy: Ncp) -> None:
    (busy.home / "schedule.json").write_text("{")
    said = busy("schedule", "executions")
    assert (said.code, said.out) == (2, "")
    assert "Not valid JSON" in said.err


def test_a_full_look_that_finds_all_in_order_spares_the_next(busy: Ncp) -> None:
    (busy.home / "bin" / "ncp").write_text("exit")
    busy("schedule", "list")  # mends the launcher
    assert quick.answer(["schedule", "list"]) is None
    busy("schedule", "list")
    assert quick.answer(["schedule", "list"]) == 0


def test_a_look_waits_for_nobody_to_note_that_all_is_in_order(busy: Ncp) -> None:
    (busy.home / "config.toml").write_text('target = "embedded"\n\n')
    with sqlite3.connect(busy.home / "state.db", isolation_level=None) as book:
        book.execute("BEGIN IMMEDIATE")
        assert busy("schedule", "list").code == 0
        book.execute("ROLLBACK")
    book.close()
    assert quick.answer(["schedule", "list"]) is None


def test_a_copy_that_an_older_ncp_made_is_not_trusted(busy: Ncp) -> None:
    with sqlite3.connect(busy.home / "state.db") as book:
        book.execute("DELETE FROM meta WHERE key = 'seal'")
    book.close()
    busy("schedule", "list")
    assert quick.answer(["schedule", "list"]) is None


@pytest.mark.parametrize(
    ("zone", "given", "shown"),
    [
        ("Europe/Berlin", "Europe/Berlin", True),
        ("Europe/Berlin", ":Europe/Berlin", True),
        ("UTC", "UTC0", True),
        ("UTC", "Etc/UTC", True),
        ("Europe/Berlin", "Europe/Paris", False),
        ("Europe/Berlin", "", False),  # UTC to the C library, the system's zone to us
        ("Mars/Base", "Mars/Base", False),
    ],
)
def test_the_clock_of_the_c_library_is_asked_where_it_shows_the_zone(
    monkeypatch: pytest.MonkeyPatch, zone: str, given: str, shown: bool
) -> None:
    monkeypatch.setenv("TZ", given)
    assert clock_shows(zone) is shown


def test_a_home_whose_zone_the_c_library_may_not_show_is_never_sealed(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ncp.applying.site.clock_shows", lambda _: False)
    ncp.create("hourly", name="x")
    ncp("schedule", "list")
    assert quick.answer(["schedule", "list"]) is None


@pytest.mark.parametrize(
    "argv", [["--version"], ["schedule", "list", "--status", "paused"], ["schedule", "executions"]]
)
def test_a_quick_answer_loads_no_library(busy: Ncp, argv: list[str]) -> None:
    text = f"import sys; from ncp.cli import main; main({argv}); print('\\n', *sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", text],
        env=busy.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = set(ran.stdout.splitlines()[-1].split())
    assert loaded & {"click", "typer", "rich", "json", "msgspec", "jinja2", "croniter"} == set()
    assert "ncp.cli.quick" in loaded


@pytest.mark.parametrize("option", ["--active-hours=00:00-00:01", "--end-date=2999-01-01T00:00Z"])
def test_slots_of_one_task_only_are_left_to_the_door(busy: Ncp, option: str) -> None:
    busy("schedule", "update", "good", option)
    busy("schedule", "list", "--json")
    assert quick.answer(["schedule", "list"]) is None
