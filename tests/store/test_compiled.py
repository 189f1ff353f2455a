from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cronsim import CronSim

from hosts import LINUX, NOW, timing
from ncp import policies
from ncp.cron import zones
from ncp.fields import FIELDS
from ncp.ledger import compiled as compiled_rows
from ncp.ledger.steps import decoded
from ncp.model import (
    ActiveHours,
    After,
    Hook,
    Limits,
    Recurrence,
    Retries,
    Schedule,
    Stage,
    Task,
    Timing,
)
from ncp.store import compiled

if TYPE_CHECKING:
    from ncp.ledger.compiled import CompiledTask

TASK = Task(id="t1", name="n", timing_id="weekdays-9am", command=("rsync", "-a"))
ONCE = Timing("once", "Once", Recurrence(at=NOW + timedelta(hours=1)), task_ids=("t1",))


def copy(**values: Any) -> CompiledTask:
    return compiled.task(replace(TASK, **values), timing("0 9 * * 1-5"), LINUX)


def test_a_plain_command_is_spawned_as_it_is() -> None:
    found = copy()
    assert (found.argv, found.direct) == (("rsync", "-a"), True)


def test_a_shell_task_is_one_text_for_a_shell() -> None:
    assert copy(shell=True, command=("a | b",)).argv == ("/bin/sh", "-c", "a | b")


def test_a_tool_is_not_spawned_directly() -> None:
    assert copy(tool="files:list", command=()).direct is False


def test_a_task_without_a_folder_runs_in_the_users() -> None:
    assert (copy().cwd, copy(working_directory="/srv").cwd) == ("/home/ann", "/srv")


def test_later_environments_win_over_earlier_ones() -> None:
    found = copy(captured_environment={"PATH": "/c", "LANG": "de"}, environment={"LANG": "en"}).env
    assert (found["HOME"], found["PATH"], found["LANG"]) == ("/home/ann", "/c", "en")
    assert found["USER"] == "ann"


def test_instants_become_seconds_since_the_epoch() -> None:
    found = copy(active_since="1970-01-01T01:00:10+01:00", end_date="1970-01-02T00:00:00Z")
    assert (found.active_since, found.end_at) == (10, 86400)
    assert (copy().active_since, copy().end_at) == (0, None)


@pytest.mark.parametrize("asked", [False, True])
def test_a_one_off_fires_once_and_is_always_caught_up(asked: bool) -> None:
    found = compiled.task(replace(TASK, catchup_missed=asked), ONCE, LINUX)
    assert (found.fire_once, found.catchup) == (True, True)
    recurring = copy(fire_once=asked, catchup_missed=asked)
    assert (recurring.fire_once, recurring.catchup) == (asked, asked)


def test_a_one_off_is_compiled_to_its_minute() -> None:
    (found,) = compiled.timings(Schedule({"t1": TASK}, {"once": ONCE}), LINUX)
    assert found.at == int((NOW + timedelta(hours=1)).timestamp()) // 60


@pytest.mark.parametrize("zone", [None, "America/New_York"])
def test_a_compiled_timing_is_due_when_cronsim_says_for_ten_years(zone: str | None) -> None:
    made = timing("30 2,14 * * 1", zone=zone)
    (found,) = compiled.timings(Schedule({}, {made.id: made}), LINUX)
    start = datetime(2035, 3, 1, tzinfo=zones.zone(zone or LINUX.zone))
    witness = CronSim("30 2,14 * * 1", start)
    minute = int(start.timestamp()) // 60
    for _ in range(120):  # a year, with both changes of the clock
        following = found.following(minute)
        assert following is not None
        assert datetime.fromtimestamp(following * 60, UTC) == next(witness).astimezone(UTC)
        minute = following


def test_tasks_keep_their_order_and_their_places_in_their_timings() -> None:
    tasks = {name: replace(TASK, id=name) for name in ("a", "b", "c")}
    one = replace(timing("0 9 * * 1-5"), task_ids=("c", "a", "b"))
    found = compiled.tasks(Schedule(tasks, {one.id: one}), LINUX)
    assert [(task.id, task.position) for task in found] == [("a", 1), ("b", 2), ("c", 0)]


@pytest.mark.parametrize(
    "values",
    [{"environment": {"K": "file:/k", "A": "b"}}, {"env_file": "/v", "environment": {"A": "b"}}],
)
def test_what_stands_elsewhere_is_looked_up_by_the_tasks_own_process(values: Any) -> None:
    found = copy(**values)
    assert found.direct is False
    assert found.own == values["environment"]
    assert found.env_file == values.get("env_file")
    assert found.env.keys().isdisjoint(values["environment"])


def test_text_to_read_needs_no_process_of_ncp() -> None:
    found = copy(stdin="ß", environment={"U": "file:///tmp/x"})
    assert (found.stdin, found.direct, found.own) == ("ß".encode(), True, {})


def test_retries_become_whole_numbers() -> None:
    assert copy(retries=Retries(3, 0.5, 1.5, 60, "timeout")).retries == (3, 500, 60000, 150, 2)
    assert copy().retries == ()


def test_a_priority_becomes_its_place_in_the_order() -> None:
    assert [copy(priority=word).priority for word in ("critical", "low")] == [0, 3]
    assert copy().priority == policies.MEDIUM


def test_what_a_task_waits_for_becomes_pairs_and_jitter_stays_seconds() -> None:
    found = copy(after=(After("a"), After("b", "any")), jitter_seconds=2.5)
    assert (found.after, found.jitter) == ((("success", "a"), ("any", "b")), 2.5)
    assert (copy().after, copy().jitter) == ((), 0)


def test_active_hours_become_minutes_and_bits_except_for_a_one_off() -> None:
    hours = ActiveHours("22:15", "24:00", ("sun", "sat", "sun"))
    assert copy(active_hours=hours).active_hours == (1335, 1440, 0b1000001)
    assert copy(active_hours=ActiveHours("00:00", "06:00")).active_hours == (0, 360, 0b1111111)
    assert compiled.task(replace(TASK, active_hours=hours), ONCE, LINUX).active_hours == ()


@pytest.mark.parametrize(
    ("limits", "numbers", "nice"),
    [
        (None, (), None),
        (Limits(), (), None),
        (Limits(nice=0), (), 0),
        (Limits(memory_mb=64, open_files=9, nice=-5), (64, 0, 9), -5),
        (Limits(cpu_seconds=10), (0, 10, 0), None),
    ],
)
def test_limits_become_numbers_and_a_nice_level(
    limits: Limits | None, numbers: tuple[int, ...], nice: int | None
) -> None:
    found = copy(limits=limits)
    assert (found.limits, found.nice) == (numbers, nice)


def test_a_umask_becomes_its_number_and_is_022_where_none_was_kept() -> None:
    assert (copy(umask="077").umask, copy().umask) == (0o077, 0o022)


def test_steps_and_hooks_become_programs_with_their_deadlines() -> None:
    stages = (Stage(("a | b",), shell=True), Stage(("c", "\udcff"), name="up", timeout_seconds=1.5))
    found = copy(command=(), steps=stages, on_failure=Hook(("mail", "ann")))
    first, second = decoded(found.steps)
    assert (first.name, first.argv, first.timeout) == ("step 1", ("/bin/sh", "-c", "a | b"), 0)
    assert (second.name, second.argv, second.timeout) == ("up", ("c", "\udcff"), 1.5)
    (hook,) = decoded(found.on_failure)
    assert (hook.name, hook.argv, hook.timeout) == ("onFailure", ("mail", "ann"), 60)
    assert (found.argv, found.on_success) == ((), b"")


@pytest.mark.parametrize(
    ("command", "values", "said"),
    [
        (("echo", "--days", "30"), {}, "['--days', '30']"),
        (("echo", "two\nlines"), {}, r"['two\nlines']"),
        (("echo", "x" * 999), {}, f"['{'x' * 398}…"),
        (("true",), {}, ""),
        (("sh", "-c", "exit 0"), {}, ""),
        (("exit 0",), {"shell": True}, ""),
        (("echo", "--token", "sk-1234567890"), {}, "['--token', '********']"),
        (("sh", "-ec", "echo key=hunter2"), {}, "['-ec', '…']"),
        (("echo", "x"), {"environment": {"A": "file:/k"}}, ""),
        ((), {"tool": "a:b"}, ""),
    ],
)
def test_what_the_daily_log_says_of_arguments_holds_no_secret(
    command: tuple[str, ...], values: dict[str, Any], said: str
) -> None:
    assert copy(command=command, **values).said == said


OWN = {"position", "direct", "own", "said"}
"""Columns that no field of a task decides alone."""


def test_the_columns_of_the_compiled_copy_are_those_of_the_field_table() -> None:
    assert {row.column for row in FIELDS if row.column} | OWN == {*compiled_rows.TASK}


def test_a_field_whose_column_holds_it_as_it_is_reaches_the_copy() -> None:
    found = Task("a", "a", "t", ("true",), timeout_seconds=7, overlap="queue", jitter_seconds=3)
    made = compiled.task(found, Timing("t", "t", Recurrence()), LINUX)
    assert (made.timeout, made.overlap, made.jitter) == (7, "queue", 3)
