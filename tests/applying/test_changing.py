"""The order of a change, what a refusal leaves, and a home that moves to another target."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cli.crontab import PROGRAM
from ncp.applying import installing

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.conftest import Ncp
    from cli.crontab import Crontab

DYING = Path(__file__).parent / "dying.py"


def steps(ncp: Ncp, *words: str) -> list[str]:
    """What a command does to the world, in order."""
    log = ncp.user_home / "steps"
    environment = {**ncp.environment, "PATH": os.environ["PATH"], "STEPS": str(log)}
    argv = [sys.executable, str(DYING), "999", "schedule", *words]
    subprocess.run(argv, env=environment, capture_output=True, check=True)
    return log.read_text().splitlines()


def test_the_document_comes_first_then_the_copy_then_the_entries(
    ncp: Ncp, crontab: Crontab
) -> None:
    done = steps(ncp, "create", "hourly", "--", "true")

    def first(*words: str) -> int:
        return next(i for i, step in enumerate(done) if all(word in step for word in words))

    marks = [step for step in done if step.startswith("set_meta") and "'pending'" in step]
    assert len(marks) == 2
    assert marks[-1].endswith("'pending', '')")
    order = [
        done.index(marks[0]),
        first("write", "schedule.json"),
        first("save_compiled"),
        first("run", "('crontab', '-')"),
        done.index(marks[-1]),
    ]
    assert order == sorted(order)
    assert crontab.writes == 1


@pytest.fixture
def two(ncp: Ncp, crontab: Crontab) -> Crontab:
    """A table with a line of the user's and two of ncp's."""
    crontab.table.write_text("# mine\n0 0 * * * backup\n")
    ncp.create("hourly", name="a")
    ncp.create("daily at 9am", name="b")
    return crontab


REFUSED = [
    ("create", "every 5 minutes", "--", "true"),
    ("update", "a", "--schedule", "every 5 minutes"),
    ("pause", "a"),
    ("delete", "a", "-y"),
]


@pytest.mark.parametrize("words", REFUSED, ids=[words[0] for words in REFUSED])
def test_a_refusal_restores_the_document_and_carries_the_tools_words(
    ncp: Ncp, two: Crontab, forbid_writing: Callable[[], None], words: tuple[str, ...]
) -> None:
    document, table = ncp.home / "schedule.json", two.text
    document.write_text(document.read_text() + "\n\n")
    before = document.read_bytes()
    forbid_writing()
    said = ncp("schedule", *words)
    assert (said.code, said.out) == (4, "")
    assert "the table is full" in said.err
    assert "Run: ncp doctor" in said.err
    assert (document.read_bytes(), two.text) == (before, table)
    assert [task["name"] for task in ncp("schedule", "list", "--json").json["tasks"]] == ["a", "b"]


def test_a_refusal_of_the_first_change_leaves_no_document(
    ncp: Ncp, crontab: Crontab, forbid_writing: Callable[[], None]
) -> None:
    forbid_writing()
    assert ncp("schedule", "create", "hourly", "--", "true").code == 4
    assert not (ncp.home / "schedule.json").exists()
    assert crontab.text == ""


def test_a_change_that_is_interrupted_leaves_all_as_it_was(
    ncp: Ncp, two: Crontab, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, table = (ncp.home / "schedule.json").read_bytes(), two.text
    install = installing.install

    def once(*_: Any) -> Any:
        monkeypatch.setattr(installing, "install", install)
        raise KeyboardInterrupt

    monkeypatch.setattr(installing, "install", once)
    said = ncp("schedule", "create", "every 5 minutes", "--", "true")
    assert (said.code, said.out, said.err) == (130, "", "Interrupted.\n")
    assert ((ncp.home / "schedule.json").read_bytes(), two.text) == (document, table)
    assert "An earlier change" not in ncp("schedule", "create", "hourly", "--", "true").err


def test_a_refused_task_does_not_run(ncp: Ncp, forbid_writing: Callable[[], None]) -> None:
    forbid_writing()
    ncp("schedule", "create", "every minute", "--", "true")
    assert ncp("_timing-run", "every-minute").code == 3


def test_a_table_that_cannot_be_read_stops_a_change(ncp: Ncp, two: Crontab) -> None:
    two.refuse()
    said = ncp("schedule", "create", "every 5 minutes", "--", "true")
    assert said.code == 4
    assert "not allowed to use this program" in said.err
    assert len(ncp("schedule", "list", "--json").json["tasks"]) == 2


def test_a_home_that_moves_takes_its_entries_along_and_back(ncp: Ncp, two: Crontab) -> None:
    settings = ncp.home / "config.toml"
    assert ncp("schedule", "sync", "--target", "embedded").code == 0
    assert two.text == "# mine\n0 0 * * * backup\n"
    assert 'target = "embedded"' in settings.read_text()
    assert ncp("schedule", "sync", "--target", "cron").code == 0
    assert {line.split()[-1] for line in two.lines} == {"hourly", "daily-9am"}
    assert 'target = "cron"' in settings.read_text()


def test_a_move_that_is_refused_leaves_the_home_where_it_was(
    ncp: Ncp, two: Crontab, forbid_writing: Callable[[], None]
) -> None:
    ncp("schedule", "sync", "--target", "embedded")
    forbid_writing()
    assert ncp("schedule", "sync", "--target", "cron").code == 4
    assert 'target = "embedded"' in (ncp.home / "config.toml").read_text()
    assert two.lines == []


def test_a_move_that_is_refused_and_would_be_accepted_later_leaves_no_entries_behind(
    ncp: Ncp, two: Crontab
) -> None:
    ncp("schedule", "sync", "--target", "embedded")
    once = '[ -e once ] || { touch once; echo "full" >&2; exit 1; }; cat >table'
    (two.folder / "bin" / "crontab").write_text(
        PROGRAM.format(folder=two.folder).replace("cat >table", once)
    )
    assert ncp("schedule", "sync", "--target", "cron").code == 4
    assert two.lines == []


def test_a_change_that_names_another_target_is_refused(ncp: Ncp, two: Crontab) -> None:
    said = ncp("schedule", "create", "hourly", "--target", "embedded", "--", "true")
    assert said.code == 2
    assert "ncp schedule sync --target embedded" in said.err
    assert len(two.lines) == 2


def test_an_edit_that_raises_changes_nothing(ncp: Ncp, two: Crontab) -> None:
    before = (ncp.home / "schedule.json").read_bytes(), two.text, two.writes
    assert ncp("schedule", "delete", "a", "nobody", "-y").code == 3
    assert ((ncp.home / "schedule.json").read_bytes(), two.text, two.writes) == before


def test_a_paused_timing_has_no_entry_until_it_is_resumed(ncp: Ncp, two: Crontab) -> None:
    ncp("schedule", "pause", "a")
    assert {line.split()[-1] for line in two.lines} == {"daily-9am"}
    ncp("schedule", "resume", "a")
    assert len(two.lines) == 2


def test_a_task_that_reached_its_end_is_completed_and_its_entry_goes(
    ncp: Ncp, two: Crontab
) -> None:
    ncp.create("every minute", name="last", **{"max-executions": "1"})
    assert len(two.lines) == 3
    ncp.fire("every-minute")
    assert len(two.lines) == 2
    assert ncp("schedule", "get", "last", "--json").json["status"] == "completed"
