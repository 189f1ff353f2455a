"""`config.yaml` with `run.sh` folders, imported and fired: tests/data/personal."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp, Said

FIXTURE = Path(__file__).parent.parent / "data" / "personal"
TAKEN = {
    *("calendar-sync", "photos", "quotes", "numbers", "fails", "slow", "resting"),
    "weekly report",
}
REFUSED = [
    ("config.yaml:42", "lost", "There is no ", "Make it, or correct the path."),
    ("config.yaml:46", "broken", '"61" is out of range', "0-59"),
    ("config.yaml:47", "nowhere", "It has nothing to run", "path: tasks/sync"),
    ("config.yaml:50", "locked", "may not be run", "chmod +x"),
]


@pytest.fixture
def folder(ncp: Ncp) -> Path:
    """A copy of the fixture in the user's home."""
    return Path(shutil.copytree(FIXTURE, ncp.user_home / "personal tasks"))


def taken(ncp: Ncp, folder: Path, command: str) -> Said:
    return ncp("schedule", command, str(folder / "config.yaml"))


def printed(ncp: Ncp, name: str) -> str:
    (found,) = ncp("schedule", "executions", name, "--json").json["executions"]
    return ncp("schedule", "logs", "--execution", found["executionId"]).out


def test_the_good_tasks_come_in_and_the_others_say_why_not(ncp: Ncp, folder: Path) -> None:
    said = taken(ncp, folder, "import")
    assert said.code == 2
    assert {task["name"] for task in ncp("schedule", "list", "--json").json["tasks"]} == TAKEN
    for place, name, what, advice in REFUSED:
        pattern = f'{re.escape(place)}, "{name}": .*{re.escape(what)}.*{re.escape(advice)}'
        assert re.search(pattern, said.err), said.err
    assert "log_file has no use here" in said.err
    assert said.err.splitlines()[-1] == "8 imported, 0 already there, 4 refused."


def test_a_task_has_its_folder_arguments_deadline_and_old_meaning(ncp: Ncp, folder: Path) -> None:
    taken(ncp, folder, "import")
    task = ncp("schedule", "get", "calendar-sync", "--json").json
    assert task["command"] == ["./run.sh", "--days", "30"]
    assert task["workingDirectory"] == str(folder / "tasks/calendar-sync")
    assert (task["timeoutSeconds"], task["status"]) == (600, "active")
    assert task.get("catchupMissed", False) is False
    assert ncp("schedule", "get", "photos", "--json").json["timeoutSeconds"] == 900
    assert ncp("schedule", "get", "resting", "--json").json["status"] == "paused"


def test_importing_it_twice_imports_nothing_new(ncp: Ncp, folder: Path) -> None:
    taken(ncp, folder, "import")
    before = (ncp.home / "schedule.json").read_bytes()
    assert "0 imported, 8 already there, 4 refused" in taken(ncp, folder, "import").err
    assert (ncp.home / "schedule.json").read_bytes() == before


@pytest.mark.parametrize("command", ["import", "apply"])
def test_its_tasks_run_as_they_did(ncp: Ncp, folder: Path, command: str) -> None:
    taken(ncp, folder, command)
    assert ncp.fire("every-minute").code == 1  # two of its tasks fail
    assert printed(ncp, "calendar-sync") == "in calendar-sync\n<--days>\n<30>\n"
    assert printed(ncp, "photos") == "in photos\n<--album>\n<Summer in Sylt>\n<>\n"
    words = ("it's", 'say "hi"', "$HOME", "`id`", "a\\b", "*", "ünï")
    assert printed(ncp, "quotes") == "in quotes\n" + "".join(f"<{word}>\n" for word in words)
    assert printed(ncp, "numbers") == "in numbers\n<--days>\n<08>\n<1.50>\n<yes>\n<2026-01-02>\n"
    found = ncp("schedule", "executions", "--json").json["executions"]
    ends = {one["taskName"]: (one["status"], one["exitCode"]) for one in found}
    assert ends.pop("slow")[0] == "timeout"
    assert ends == {
        **dict.fromkeys(("calendar-sync", "photos", "quotes", "numbers"), ("success", 0)),
        "fails": ("failure", 3),
    }
    (log,) = (ncp.home / "logs").glob("*.log")
    text = log.read_text()
    at = r"\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\]"
    for line in (
        rf"{at} INFO: Executing 'calendar-sync' with args \['--days', '30'\]",
        rf"{at} INFO: Task 'calendar-sync' completed in [\d.]+s \(exit code: 0\)",
        rf"{at} \[calendar-sync\] STDOUT: <--days>",
        rf"{at} \[fails\] STDERR: going wrong",
        rf"{at} ERROR: Task 'fails' .*exit code: 3",
    ):
        assert re.search(f"^{line}", text, re.MULTILINE), (line, text)


def test_a_declarative_file_in_json_is_recognised_whatever_its_name(ncp: Ncp) -> None:
    file = ncp.user_home / "tasks"
    file.write_text(
        '{"x-a": 1,\n "tasks": [{"name": "a", "command": ["x"], "at": "2099-01-01T08:00Z"}]}'
    )
    assert "1 imported" in ncp("schedule", "import", str(file)).err


def test_tasks_of_the_file_wait_for_each_other_in_whatever_order(ncp: Ncp) -> None:
    file = ncp.user_home / "c.yml"
    file.write_text(
        "tasks:\n"
        "  - {name: last, command: [x], cron: '@daily', after: [first]}\n"
        "  - {name: first, command: [x], cron: '@daily'}\n"
        "  - {name: lost, command: [x], cron: '@daily', after: [nobody]}\n"
    )
    said = ncp("schedule", "import", str(file))
    assert "2 imported, 0 already there, 1 refused." in said.err
    assert '"nobody" is not among the tasks' in said.err
    tasks = {task["name"]: task for task in ncp("schedule", "list", "--json").json["tasks"]}
    assert tasks["last"]["after"] == [{"task": tasks["first"]["id"]}]


@pytest.mark.parametrize(("first", "second"), [("import", "apply"), ("apply", "import")])
def test_what_is_both_imported_and_applied_is_there_once(
    ncp: Ncp, folder: Path, first: str, second: str
) -> None:
    taken(ncp, folder, first)
    taken(ncp, folder, second)
    names = [task["name"] for task in ncp("schedule", "list", "--json").json["tasks"]]
    assert sorted(names) == sorted(TAKEN)


def test_a_task_that_was_deleted_and_comes_again_is_a_new_one(ncp: Ncp, folder: Path) -> None:
    ids = []
    for _ in range(2):
        taken(ncp, folder, "import")
        ids.append(ncp("schedule", "get", "photos", "--json").json["id"])
        ncp("schedule", "delete", "photos", "--yes")
    assert ids[0] != ids[1]
