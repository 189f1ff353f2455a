"""What cannot be seen is not taken for what is not wanted."""

from __future__ import annotations

import json
import os
import sqlite3
from typing import TYPE_CHECKING

import pytest

from cli.terminal import Terminal
from others import UID, folder_of, needs_root, open_room, python_as

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp
    from cli.crontab import Crontab


@pytest.fixture
def away(ncp: Ncp, crontab: Crontab) -> Path:
    """Where the document was moved to, of a home with one task on cron."""
    ncp.create("* * * * *", "touch", "ran", name="a")
    assert len(crontab.lines) == 1
    place = ncp.user_home / "schedule.json"
    (ncp.home / "schedule.json").rename(place)
    return place


def alarms(ncp: Ncp) -> str:
    return "".join(path.read_text() for path in (ncp.home / "logs").glob("*.log"))


def test_a_firing_without_its_document_runs_the_last_good_copy(
    ncp: Ncp, crontab: Crontab, away: Path
) -> None:
    assert ncp.fire("every-minute").code == 0
    assert (ncp.user_home / "ran").exists()
    assert len(crontab.lines) == 1
    assert "last good copy stays in force" in alarms(ncp)
    assert "It is not there, but the compiled copy holds tasks: 1" in alarms(ncp)
    away.rename(ncp.home / "schedule.json")
    assert "0 to add, 0 to change, 0 to remove, 1 as wanted" in ncp("schedule", "plan").err


@pytest.mark.parametrize(
    "words",
    [
        ("schedule", "list"),
        (),
        ("schedule", "sync"),
        ("schedule", "create", "daily", "--", "true"),
        ("schedule", "get", "a"),
        ("schedule", "pause", "a"),
        ("_refresh",),
        ("_settle",),
    ],
)
@pytest.mark.usefixtures("away")
def test_every_command_says_that_the_document_is_out_of_sight_and_changes_nothing(
    ncp: Ncp, crontab: Crontab, words: tuple[str, ...]
) -> None:
    table = crontab.text
    said = ncp(*words)
    assert said.code == 2
    assert "schedule.json: It is not there, but the compiled copy holds tasks: 1" in said.err
    assert "ncp schedule sync --empty" in said.err
    assert crontab.text == table


@pytest.mark.parametrize("text", ["{}", '{"version": "2.0.0"}', '{"timings": {}}'])
def test_a_document_that_says_nothing_of_tasks_empties_nothing(
    ncp: Ncp, crontab: Crontab, away: Path, text: str
) -> None:
    del away
    (ncp.home / "schedule.json").write_text(text)
    assert ncp.fire("every-minute").code == 0
    said = ncp("schedule", "sync")
    assert said.code == 2
    assert "It says nothing of tasks" in said.err
    assert len(crontab.lines) == 1


@pytest.mark.parametrize("text", ["", " \n", "\0" * 100])
def test_a_document_that_was_cut_off_empties_nothing(
    ncp: Ncp, crontab: Crontab, away: Path, text: str
) -> None:
    del away
    (ncp.home / "schedule.json").write_text(text)
    assert ncp.fire("every-minute").code == 0
    assert ncp("schedule", "sync").code == 2
    assert len(crontab.lines) == 1


def test_a_document_with_no_tasks_in_it_is_obeyed(ncp: Ncp, crontab: Crontab, away: Path) -> None:
    del away
    (ncp.home / "schedule.json").write_text('{"version": "2.0.0", "tasks": {}, "timings": {}}')
    assert ncp("schedule", "sync").code == 0
    assert crontab.lines == []


@pytest.mark.usefixtures("away")
def test_who_says_so_empties_the_schedule(ncp: Ncp, crontab: Crontab) -> None:
    said = ncp("schedule", "sync", "--empty")
    assert (said.code, said.out) == (0, "- every-minute\n")
    assert crontab.lines == []
    assert ncp("schedule", "list").code == 0
    ncp.create("daily")
    assert len(crontab.lines) == 1


@pytest.mark.usefixtures("away")
def test_uninstall_needs_no_document(ncp: Ncp, crontab: Crontab) -> None:
    assert ncp("uninstall", "-y").code == 0
    assert crontab.lines == []


@pytest.mark.usefixtures("away")
def test_doctor_names_the_document_and_mends_nothing(ncp: Ncp, crontab: Crontab) -> None:
    said = ncp("doctor", "--fix")
    assert said.code != 0
    assert "It is not there, but the compiled copy holds tasks: 1" in said.out
    assert len(crontab.lines) == 1


def test_a_home_that_is_away_loses_no_entries_to_a_new_one(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly", name="a")
    table = crontab.text
    away = ncp.user_home / "away"
    ncp.home.rename(away)  # as a disk that is not mounted
    said = ncp("schedule", "create", "daily", "--target", "cron", "--", "true")
    assert said.code == 2
    assert "cron holds entries of this home: 1" in said.err
    assert crontab.text == table
    (ncp.home / "config.toml").write_text('target = "cron"\n')
    said = ncp("schedule", "sync")
    assert (said.code, crontab.text) == (2, table)


@pytest.mark.usefixtures("forbid_writing")
def test_a_first_change_that_is_refused_leaves_an_empty_home(ncp: Ncp, crontab: Crontab) -> None:
    crontab.table.write_text("# mine\n")
    (crontab.folder / "bin" / "crontab").write_text(
        f'#!/bin/sh\n[ "$1" = -l ] && exec cat "{crontab.table}"\necho full >&2; exit 1\n'
    )
    assert ncp("schedule", "create", "hourly", "--", "true").code == 4
    assert not (ncp.home / "schedule.json").exists()
    said = ncp("schedule", "list")
    assert (said.code, said.err) == (
        0,
        'No tasks. Make one: ncp schedule create "every day at 9am" -- COMMAND\n',
    )


def test_a_config_that_is_gone_moves_no_entries(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly", name="a")
    (ncp.home / "config.toml").unlink()
    assert ncp("schedule", "sync").code == 0
    assert len(crontab.lines) == 1
    assert 'target = "cron"' in (ncp.home / "config.toml").read_text()


def test_a_firing_whose_rows_are_lost_has_them_compiled_again(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("* * * * *", "touch", "ran", name="a")
    with sqlite3.connect(ncp.home / "state.db") as book:
        book.execute("DELETE FROM timings")
        book.execute("DELETE FROM tasks")
    ncp("_timing-run", "every-minute")
    assert len(crontab.lines) == 1
    ncp.fire("every-minute")
    assert (ncp.user_home / "ran").exists()


@pytest.mark.parametrize("words", [("schedule", "list"), ()])
def test_who_looks_is_told_that_the_document_is_not_what_fires(
    ncp: Ncp, words: tuple[str, ...]
) -> None:
    ncp.create("hourly", name="a")
    assert "not what was compiled" not in ncp(*words).err
    path = ncp.home / "schedule.json"
    tree = json.loads(path.read_text())
    next(iter(tree["tasks"].values()))["name"] = "b"
    path.write_text(json.dumps(tree))
    assert "schedule.json is not what was compiled" in ncp(*words).err
    assert ncp("schedule", "sync").code == 0
    assert "not what was compiled" not in ncp(*words).err


@pytest.mark.parametrize(("answer", "left"), [("n", 1), ("y", 0)])
@pytest.mark.usefixtures("away")
def test_on_a_terminal_a_person_is_asked(
    ncp: Ncp, crontab: Crontab, answer: str, left: int
) -> None:
    environment = {**ncp.environment, "PATH": os.environ["PATH"]}
    with Terminal(ncp.program("schedule", "sync"), environment) as terminal:
        terminal.until("Shall nothing run any more?")
        terminal.type(answer)
        terminal.rest()
    assert terminal.code == 0
    assert len(crontab.lines) == left


@needs_root
@pytest.mark.parametrize("mode", [0o000, 0o300, 0o600])
def test_a_folder_of_units_that_may_not_be_read_is_not_an_empty_one(mode: int) -> None:
    with open_room() as room:
        units = folder_of(UID, room / "units")
        (units / "ncp-a.timer").touch()
        units.chmod(mode)
        observe = (
            "from ncp.host import observe; from ncp.model import Survey;"
            f"print(observe(Survey(folders=(({str(units)!r}, 'ncp*'),))).files)"
        )
        said = python_as(UID, {}, "-c", observe)
        assert "SchedulerError" in said.stderr
        assert f"chmod u+rwX {units}" in said.stderr
        units.chmod(0o700)
        assert "ncp-a.timer" in python_as(UID, {}, "-c", observe).stdout
