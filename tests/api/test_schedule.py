from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import servers
from ncp import Schedule
from ncp.errors import DocumentError, InputError, NotFoundError
from ncp.mcp import definition

if TYPE_CHECKING:
    from pathlib import Path


def test_importing_ncp_does_not_load_the_api_until_it_is_used() -> None:
    loaded = "print('ncp.api' in sys.modules)"
    code = f"import sys, ncp; {loaded}; ncp.Schedule; {loaded}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"False\nTrue\n"


def test_reading_a_home_that_is_not_there_makes_nothing(tmp_path: Path) -> None:
    schedule = Schedule(tmp_path / "none")
    assert (schedule.list_tasks(), schedule.list_timings(), schedule.executions()) == ([], [], [])
    assert list(tmp_path.iterdir()) == []


def test_a_task_is_made_and_another_object_sees_it(schedule: Schedule, home: Path) -> None:
    made = schedule.create_task("0 9 * * 1-5", ["rsync", "-a"], name="backup", timeout_seconds=60)
    assert (made.timing.id, made.task.timing_id) == ("weekdays-9am", "weekdays-9am")
    assert made.outcome.choice.name == "embedded"
    seen = Schedule(home).get_task("backup")
    assert (seen["id"], seen["timeoutSeconds"]) == (made.task.id, 60)


def test_what_was_assumed_comes_with_the_task(schedule: Schedule) -> None:
    named: dict[str, Any] = {"timezone": "Europe/Berlin"}
    assert schedule.create_task("weekdays", ["true"], **named).notes != ()
    assert schedule.create_task("0 9 * * *", ["true"], **named).notes == ()


def test_the_old_names_are_the_new_methods() -> None:
    assert Schedule.create_job is Schedule.create_task
    assert Schedule.get_job is Schedule.get_task
    assert Schedule.delete_job is Schedule.delete_task


def test_a_task_without_a_command_is_refused(schedule: Schedule) -> None:
    with pytest.raises(InputError, match="needs a command"):
        schedule.create_task("hourly")


def test_a_value_that_cannot_be_is_refused_before_anything_is_written(
    schedule: Schedule, home: Path
) -> None:
    with pytest.raises(DocumentError) as caught:
        schedule.create_task("hourly", ["true"], timeout_seconds=-1)
    assert caught.value.where == "task.timeoutSeconds"
    assert not (home / "schedule.json").exists()


def test_tasks_are_found_by_id_start_of_id_name_and_timing_each_once(schedule: Schedule) -> None:
    a, b = (schedule.create_task("hourly", ["true"], name=name).task for name in ("a", "b"))
    for references in ([a.id], [a.id[:6]], ["a"], ["a", a.id]):
        assert [task.id for task in schedule.find(*references)] == [a.id]
    assert [task.id for task in schedule.find("hourly", "b")] == [a.id, b.id]
    assert schedule.find() == []


def test_an_id_wins_over_a_name_and_a_name_over_the_start_of_an_id(schedule: Schedule) -> None:
    first = schedule.create_task("hourly", ["true"], name="x").task
    by_id = schedule.create_task("hourly", ["true"], name=first.id).task
    by_start = schedule.create_task("hourly", ["true"], name=first.id[:8]).task
    assert schedule.get_task(first.id)["id"] == first.id
    assert schedule.get_task(first.id[:8])["id"] == by_start.id
    assert by_id.name == first.id


@pytest.mark.parametrize("reference", ["", "ab", "nobody", "HOURLY"])
def test_what_is_not_there_is_not_found(schedule: Schedule, reference: str) -> None:
    schedule.create_task("hourly", ["true"], name="backup")
    for look in (schedule.get_task, schedule.find, schedule.pause, schedule.delete_task):
        with pytest.raises(NotFoundError):
            look(reference)


def test_updating_returns_the_task_as_it_is_now(schedule: Schedule) -> None:
    schedule.create_task("hourly", ["true"], name="x")
    done = schedule.update_task("x", schedule="daily at 9am", name="y")
    assert [(task.name, task.timing_id) for task in done.tasks] == [("y", "daily-9am")]
    assert list(schedule.model.timings) == ["daily-9am"]


def test_pausing_everything_is_undone_by_resuming_everything(schedule: Schedule) -> None:
    for name in ("a", "b"):
        schedule.create_task("hourly", ["true"], name=name)
    schedule.pause(everything=True)
    assert {task["status"] for task in schedule.list_tasks()} == {"paused"}
    assert [task["name"] for task in schedule.list_tasks(status="active")] == []
    schedule.resume(everything=True)
    assert {task["status"] for task in schedule.list_tasks()} == {"active"}


def test_a_paused_timing_shows_no_next_slot(schedule: Schedule) -> None:
    schedule.create_task("hourly", ["true"], name="a")
    assert schedule.list_timings()[0]["nextExecutionAt"]
    schedule.pause("a")
    assert schedule.list_timings()[0]["nextExecutionAt"] is None


def test_deleting_returns_what_is_gone(schedule: Schedule) -> None:
    made = schedule.create_task("hourly", ["true"], name="a").task
    done = schedule.delete_task("a")
    assert [task.id for task in done.tasks] == [made.id]
    assert schedule.list_tasks() == []


def test_a_plan_and_a_sync_of_a_quiet_home_change_nothing(schedule: Schedule) -> None:
    schedule.create_task("hourly", ["true"])
    assert schedule.plan().empty
    assert schedule.sync().changes.empty


def test_an_unknown_target_is_refused_and_nothing_is_recorded(
    schedule: Schedule, home: Path
) -> None:
    with pytest.raises(InputError, match="not a target"):
        schedule.create_task("hourly", ["true"], target="moon")
    assert (home / "config.toml").read_text() == 'target = "embedded"\n'
    assert not (home / "schedule.json").exists()


def test_a_task_calls_a_tool_that_is_tried_first(
    schedule: Schedule, home: Path, tmp_path: Path
) -> None:
    server = definition.tree(servers.rough("fine", tmp_path / "notes"))
    (home / "mcp.json").write_text(json.dumps({"mcpServers": {"rough": server}}))
    named: dict[str, Any] = {"tool": "rough:tool-0", "parameters": {"a": 1}}
    made = schedule.create_task("0 9 * * *", **named, trial=True)
    assert (made.task.tool, made.task.parameters) == ("rough:tool-0", {"a": 1})
    assert made.trial
    assert made.trial.text == 'fine\n{"a": 1}'
    with pytest.raises(NotFoundError, match='has no tool "tool-7"'):
        schedule.create_task("0 9 * * *", tool="rough:tool-7")
    assert schedule.create_task("0 9 * * *", tool="rough:tool-7", validate=False).trial is None


def test_a_name_that_a_task_has_is_refused_unless_that_is_wanted(schedule: Schedule) -> None:
    made = schedule.create_task("daily at 9am", ["true"], name="x")
    with pytest.raises(InputError, match='called "x" already'):
        schedule.create_task("daily at 9am", ["true"], name="x")
    again = schedule.create_task("daily at 9am", ["true"], name="x", if_absent=True)
    assert (made.new, again.new, again.task.id) == (True, False, made.task.id)
    schedule.create_task("daily at 9am", ["true"], name="x", allow_duplicate_name=True)
    assert len(schedule.list_tasks()) == 2
