"""The variables above a line of a crontab are a part of it: another HOME is another job."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp

LINE = "0 5 * * * poll\n"


def table(ncp: Ncp, name: str, text: str) -> Path:
    file = ncp.user_home / name
    file.write_text(text)
    return file


def counts(ncp: Ncp, file: Path, *options: str) -> dict[str, int]:
    said = ncp("schedule", "import", str(file), *options, "--json").json
    return {name: number for name, number in said["counts"].items() if number}


def environments(ncp: Ncp) -> list[Any]:
    tasks = json.loads((ncp.home / "schedule.json").read_text())["tasks"].values()
    return [task.get("environment", {}) for task in tasks]


@pytest.mark.parametrize("other", ["HOME=/var\n", "PATH=/opt/bin:/bin\n", "DB=b\n", ""])
def test_a_line_of_another_file_under_other_variables_is_imported_too(ncp: Ncp, other: str) -> None:
    first, second = table(ncp, "a", f"HOME=/tmp\n{LINE}"), table(ncp, "b", other + LINE)
    assert counts(ncp, first) == {"imported": 1}
    assert counts(ncp, second) == {"imported": 1}
    assert counts(ncp, second) == counts(ncp, first) == {"already there": 1}
    assert len(environments(ncp)) == 2


def test_a_copy_of_a_table_brings_nothing_new(ncp: Ncp) -> None:
    text = f"HOME=/tmp\n{LINE}"
    assert counts(ncp, table(ncp, "a", text)) == {"imported": 1}
    assert counts(ncp, table(ncp, "b", text)) == {"already there": 1}


def test_a_line_that_stands_under_two_variables_is_two_jobs(ncp: Ncp) -> None:
    file = table(ncp, "a", f"HOME=/tmp\n{LINE}HOME=/var\n{LINE}")
    assert counts(ncp, file) == {"imported": 2}
    assert counts(ncp, file) == {"already there": 2}


def test_an_edited_variable_is_shown_and_taken_with_update(ncp: Ncp) -> None:
    file = table(ncp, "a", f"HOME=/tmp\nKEY=one\n{LINE}")
    counts(ncp, file)
    file.write_text(f"HOME=/var\nKEY=two\nPATH=/bin\n{LINE}")
    said = ncp("schedule", "import", str(file))
    assert "1 already there" in said.err
    assert "HOME: /tmp → /var, KEY, PATH: not set → /bin. To take it: --update" in said.err
    assert "two" not in said.err + said.out
    assert environments(ncp) == [{"HOME": "/tmp", "KEY": "one"}]
    dry = ncp("schedule", "import", str(file), "--update", "--dry-run")
    assert "would be updated" in dry.out
    assert environments(ncp) == [{"HOME": "/tmp", "KEY": "one"}]
    assert counts(ncp, file, "--update") == {"updated": 1}
    assert environments(ncp) == [{"HOME": "/var", "KEY": "two", "PATH": "/bin"}]
    assert counts(ncp, file, "--update") == {"already there": 1}


def test_an_edited_variable_changes_nothing_that_was_changed_here(ncp: Ncp) -> None:
    file = table(ncp, "a", f"HOME=/tmp\n{LINE}")
    counts(ncp, file)
    (task,) = json.loads((ncp.home / "schedule.json").read_text())["tasks"]
    ncp("schedule", "update", task, "--timeout", "60", "--name", "mine")
    file.write_text(f"HOME=/var\n{LINE}")
    assert counts(ncp, file, "--update") == {"updated": 1}
    (found,) = json.loads((ncp.home / "schedule.json").read_text())["tasks"].values()
    assert (found["name"], found["timeoutSeconds"], found["id"]) == ("mine", 60, task)
    assert found["workingDirectory"] == "/var"


@pytest.mark.parametrize(
    ("before", "after", "field", "value"),
    [
        ("", "SHELL=/bin/bash\n", "command", ["/bin/bash", "-c", "poll"]),
        ("SHELL=/bin/bash\n", "", "command", ["poll"]),
        ("", "CRON_TZ=Asia/Tokyo\n", "timingId", "daily-5am-asia-tokyo"),
        ("CRON_TZ=Asia/Tokyo\n", "", "timingId", "daily-5am"),
    ],
)
def test_another_shell_or_zone_of_a_line_is_an_edit_too(
    ncp: Ncp, before: str, after: str, field: str, value: object
) -> None:
    file = table(ncp, "a", before + LINE)
    counts(ncp, file)
    file.write_text(after + LINE)
    assert counts(ncp, file) == {"already there": 1}
    assert counts(ncp, file, "--update") == {"updated": 1}
    (found,) = json.loads((ncp.home / "schedule.json").read_text())["tasks"].values()
    assert found[field] == value
    assert counts(ncp, file) == {"already there": 1}


def test_a_line_is_not_commented_out_while_its_task_differs(ncp: Ncp) -> None:
    file = table(ncp, "a", f"HOME=/tmp\n{LINE}")
    counts(ncp, file)
    file.write_text(f"HOME=/var\n{LINE}")
    said = ncp("schedule", "import", str(file), "--disable-imported", "--dry-run")
    assert "commented out: none" in said.err
    said = ncp("schedule", "import", str(file), "--disable-imported")
    assert "Commented out 0 lines" in said.err
    assert file.read_text() == f"HOME=/var\n{LINE}"
    ncp("schedule", "import", str(file), "--disable-imported", "--update")
    assert "#ncp# 0 5 * * * poll" in file.read_text()


def test_tasks_of_imports_before_variables_counted_are_known_by_what_they_run_with(
    ncp: Ncp,
) -> None:
    file = table(ncp, "a", f"HOME=/tmp\n{LINE}")
    counts(ncp, file)
    document = ncp.home / "schedule.json"
    tree = json.loads(document.read_text())
    (task,) = tree["tasks"].values()
    task["origin"] = "crontab:0 5 * * * poll"
    document.write_text(json.dumps(tree))
    assert counts(ncp, file) == {"already there": 1}


def test_a_changed_yaml_file_is_told_and_taken_with_update(ncp: Ncp) -> None:
    file = table(ncp, "a.yaml", 'tasks: [{name: a, command: [x], cron: "0 5 * * *"}]\n')
    assert counts(ncp, file) == {"imported": 1}
    assert counts(ncp, file, "--update") == {"already there": 1}
    file.write_text('tasks: [{name: a, command: [y], cron: "0 6 * * *"}]\n')
    said = ncp("schedule", "import", str(file))
    assert "It differs in: command, when it is due. To take it: --update" in said.err
    assert counts(ncp, file, "--update") == {"updated": 1}
    (found,) = json.loads((ncp.home / "schedule.json").read_text())["tasks"].values()
    assert (found["command"], found["timingId"]) == (["y"], "daily-6am")
