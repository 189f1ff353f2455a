"""What Python code says of a task is checked as a document is, in three parts."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import ncp
from ncp import ActiveHours, After, Hook, InputError, Limits, NcpError, Retries, Stage, errors
from ncp.api.options import KNOWN, TaskChanges, TaskOptions
from ncp.model import Task

if TYPE_CHECKING:
    from ncp import Schedule

LATER = datetime(2031, 1, 1, tzinfo=UTC)
OF_NCP = {
    *("id", "timing_id", "captured_environment", "created_at", "active_since", "origin"),
    *("original", "status", "paused_with_all", "error_message"),
    *("complaints", "status_before"),
}


def test_keywords_are_the_fields_that_people_set() -> None:
    assert {f.name for f in fields(Task)} - OF_NCP == KNOWN
    assert TaskChanges.__annotations__.keys() == KNOWN
    assert KNOWN - TaskOptions.__annotations__.keys() == {"name", "command"}


def test_a_text_is_no_command_and_what_to_write_works(schedule: Schedule) -> None:
    with pytest.raises(InputError, match="a command is a list of words") as caught:
        schedule.create_task("every minute", "echo hi", name="x")
    assert caught.value.where == "command"
    assert "['echo', 'hi']" in caught.value.next_step
    assert "'echo hi', shell=True" in caught.value.next_step
    assert schedule.list_tasks() == []
    made = schedule.create_task("every minute", ["echo", "hi"], name="x").task
    assert (made.command, made.shell) == (("echo", "hi"), False)
    shelled = schedule.create_task("every minute", "echo hi | cat", shell=True, name="y").task
    assert (shelled.command, shelled.shell) == (("echo hi | cat",), True)


def test_update_takes_a_text_for_a_task_with_a_shell_only(schedule: Schedule) -> None:
    schedule.create_task("hourly", ["true"], name="x")
    with pytest.raises(InputError, match="list of words"):
        schedule.update_task("x", command="echo hi")
    schedule.update_task("x", command="echo hi", shell=True)
    done = schedule.update_task("x", command="echo ho")
    assert done.tasks[0].command == ("echo ho",)


@pytest.mark.parametrize(
    "command",
    [("ls", "-l"), ["ls", "-l"], (w for w in ("ls", "-l")), [Path("ls"), "-l"]],
    ids=("tuple", "list", "generator", "path"),
)
def test_words_come_in_any_sequence(schedule: Schedule, command: Any) -> None:
    assert schedule.create_task("hourly", command).task.command == ("ls", "-l")


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"command": b"ls"}, "command", "list of words"),
    ({"command": 5}, "command", "list of words"),
    ({"command": None}, "command", "list of words"),
    ({"command": [b"ls"]}, "command[0]", '"ls"'),
    ({"command": ["sleep", 5]}, "command[1]", '"5"'),
    ({"timeout_seconds": "5"}, "task.timeoutSeconds", "Write"),
    ({"timeout_seconds": None}, "task.timeoutSeconds", "Remove"),
    ({"timeout_seconds": True}, "task.timeoutSeconds", "Write"),
    ({"timeout_seconds": -1}, "task.timeoutSeconds", "Write"),
    ({"timeout_seconds": float("nan")}, "task.timeout_seconds", "Write"),
    ({"timeout": 5}, "task", "timeout_seconds"),
    ({"colour": "red"}, "task", "Known are"),
    ({"id": "x"}, "task", "Known are"),
    ({"shell": "yes"}, "task.shell", "true"),
    ({"retries": 3}, "task.retries", "attempts"),
    ({"retries": {"attempts": "3"}}, "task.retries.attempts", "Write"),
    ({"retries": Retries(99)}, "task.retries.attempts", "Write"),
    ({"limits": Limits(memory_mb="1")}, "task.limits.memoryMb", "Write"),  # type: ignore[arg-type]
    ({"environment": {"A": 1}}, "task.environment", "Write"),
    ({"environment": {1: "A"}}, "task.environment", "Write"),
    ({"environment": "A=1"}, "task.environment", "Write"),
    ({"parameters": {"a": {1, 2}}}, "task.parameters.a", "Write"),
    ({"parameters": {"a": object()}}, "task.parameters.a", "Write"),
    ({"overlap": "never"}, "task.overlap", "Write"),
    ({"active_hours": "9-17"}, "task.activeHours", "Write"),
    ({"after": "x"}, "task.after", "Write"),
    ({"steps": ["x"]}, "task.steps[0]", "Write"),
    ({"on_failure": "mail"}, "task.onFailure", "Write"),
    ({"end_date": datetime(2031, 1, 1)}, "task.end_date", "astimezone"),  # noqa: DTZ001  on purpose
    ({"end_date": "tomorrow"}, "task.endDate", "Write"),
    ({"stdin": b"x"}, "task.stdin", "Write"),
    ({"umask": 0o022}, "task.umask", "Write"),
    ({"name": 5}, "name", '"backup"'),
    ({"timezone": 5}, "timezone", "Europe"),
    ({"target": 5}, "target", "systemd"),
    ({"schedule": 5}, "schedule", "weekdays"),
    ({"schedule": None}, "schedule", "weekdays"),
]

NUMBERS = [f"{number}-{'-'.join(row[0])}" for number, row in enumerate(WRONG)]


@pytest.mark.parametrize(("said", "where", "step"), WRONG, ids=NUMBERS)
def test_what_cannot_be_is_an_input_error_that_says_where_and_what_to_write(
    schedule: Schedule, said: dict[str, Any], where: str, step: str
) -> None:
    given: dict[str, Any] = {"schedule": "hourly", "command": ["true"], **said}
    with pytest.raises(InputError) as caught:
        schedule.create_task(**given)
    assert caught.value.where.startswith(where)
    assert step in caught.value.next_step
    assert schedule.list_tasks() == []


@pytest.mark.parametrize(("said", "where", "step"), WRONG[:30], ids=NUMBERS[:30])
def test_an_update_checks_the_same(
    schedule: Schedule, said: dict[str, Any], where: str, step: str
) -> None:
    made = schedule.create_task("hourly", ["true"], name="x").task
    with pytest.raises(InputError) as caught:
        schedule.update_task("x", **said)
    assert caught.value.where.replace(f'tasks["{made.id}"]', "task").startswith(where)
    assert step in caught.value.next_step
    assert schedule.get_task("x")["command"] == ("true",)


def test_values_of_the_model_and_of_python_are_taken(schedule: Schedule, tmp_path: Path) -> None:
    first = schedule.create_task("hourly", ["true"], name="first").task
    made = schedule.create_task(
        "hourly",
        steps=[Stage(("a",)), {"command": ["b"], "name": "second"}],
        name="x",
        timeout_seconds=timedelta(minutes=5),
        working_directory=tmp_path,
        end_date=LATER,
        retries={"attempts": 2, "delaySeconds": 1},
        limits=Limits(memory_mb=64),
        active_hours=ActiveHours("09:00", "17:00"),
        after=[After(first.id)],
        on_failure=Hook(("mail",)),
        environment={"A": "1"},
    ).task
    assert made.steps == (Stage(("a",)), Stage(("b",), name="second"))
    assert (made.timeout_seconds, made.working_directory) == (300, str(tmp_path))
    assert (made.end_date, made.retries) == (LATER.isoformat(), Retries(2, 1))
    assert (made.after, made.on_failure) == ((After(first.id),), Hook(("mail",)))


@pytest.mark.parametrize(
    "ask",
    [
        lambda s: s.get_task(5),
        lambda s: s.get_task(None),
        lambda s: s.pause(["a", "b"]),
        lambda s: s.pause(),
        lambda s: s.pause("a", everything=True),
        lambda s: s.delete_task(),
        lambda s: s.resume(),
        lambda s: s.executions(5),
        lambda s: s.executions("a", since="today"),
        lambda s: s.executions("a", status="bad"),
        lambda s: s.executions("a", limit=0),
        lambda s: s.list_tasks(status="bad"),
        lambda s: s.update_task("a", schedule=5),
        lambda s: s.sync(target=5),
    ],
)
def test_other_calls_say_what_is_wrong_too(schedule: Schedule, ask: Any) -> None:
    schedule.create_task("hourly", ["true"], name="a")
    schedule.create_task("hourly", ["true"], name="b")
    with pytest.raises(InputError) as caught:
        ask(schedule)
    assert caught.value.where
    assert caught.value.next_step


def test_errors_and_values_are_exported(schedule: Schedule) -> None:
    for name in ncp.__all__:
        assert getattr(ncp, name)
    kinds = {
        name
        for name, one in vars(errors).items()
        if isinstance(one, type) and issubclass(one, NcpError)
    }
    assert kinds <= set(ncp.__all__)
    with pytest.raises(ncp.NotFoundError):
        schedule.get_task("nobody")


def test_a_type_checker_sees_the_keywords(tmp_path: Path) -> None:
    file = tmp_path / "use.py"
    file.write_text(
        "from ncp import Schedule\n"
        'Schedule("x").create_task("hourly", ["true"], timeout_seconds=5, fire_once=True)\n'
        'Schedule("x").create_task("hourly", ["true"], timeout_seconds="5")\n'
        'Schedule("x").create_task("hourly", ["true"], timeout=5)\n'
    )
    argv = [sys.executable, "-m", "mypy", "--no-incremental", "--follow-imports=silent", str(file)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=tmp_path)
    lines = [line.partition(":")[2][0] for line in done.stdout.splitlines() if "error:" in line]
    assert lines == ["3", "4"], done.stdout
