from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncp import document
from ncp.cron import expression
from ncp.errors import DocumentError
from ncp.model import (
    ActiveHours,
    After,
    Complaint,
    Hook,
    Limits,
    Recurrence,
    Retries,
    Schedule,
    Stage,
    Task,
    Timing,
)

MINIMAL: dict[str, dict[str, Any]] = {
    "tasks": {"t1": {"name": "n", "timingId": "hourly", "command": ["true"]}},
    "timings": {"hourly": {"cronExpression": "0 * * * *"}},
}


def parsed(tree: object) -> Schedule:
    return document.parse(json.dumps(tree)).schedule


def with_task(**values: object) -> dict[str, Any]:
    return {**MINIMAL, "tasks": {"t1": {**MINIMAL["tasks"]["t1"], **values}}}


def with_hours(**values: object) -> dict[str, Any]:
    return with_task(activeHours={"start": "09:00", "end": "17:00", **values})


def with_limits(**values: object) -> dict[str, Any]:
    return with_task(limits=values)


def with_timing(**values: object) -> dict[str, Any]:
    return {**MINIMAL, "timings": {"hourly": values}}


def test_an_empty_object_is_an_empty_schedule() -> None:
    assert document.parse("{}").schedule == Schedule()


def test_what_is_not_said_has_its_default() -> None:
    schedule = parsed(MINIMAL)
    assert schedule.tasks == {"t1": Task(id="t1", name="n", timing_id="hourly", command=("true",))}
    assert schedule.timings == {
        "hourly": Timing(
            id="hourly",
            name="hourly",
            recurrence=expression.parse("0 * * * *"),
            task_ids=("t1",),
        )
    }


def test_a_new_document_is_plain_json_with_a_version_and_without_defaults() -> None:
    written = json.loads(document.dump(document.Document(), parsed(MINIMAL)))
    assert written == {
        "version": "2.0.0",
        "tasks": {"t1": {"id": "t1", "name": "n", "timingId": "hourly", "command": ["true"]}},
        "timings": {
            "hourly": {
                "id": "hourly",
                "name": "hourly",
                "cronExpression": "0 * * * *",
                "taskIds": ["t1"],
            }
        },
    }


def test_unknown_keys_survive_wherever_they_stand() -> None:
    tree = {
        **MINIMAL,
        "version": "2.7",
        "mine": {"a": [1, {"b": None}]},
        "tasks": {"t1": {**MINIMAL["tasks"]["t1"], "note": ["x"]}},
        "timings": {"hourly": {"cronExpression": "0 * * * *", "colour": "red"}},
    }
    found = document.parse(json.dumps(tree))
    schedule = replace(
        found.schedule, tasks={"t1": replace(found.schedule.tasks["t1"], name="other")}
    )
    written = json.loads(document.dump(found, schedule))
    assert (written["version"], written["mine"]) == (tree["version"], tree["mine"])
    assert (written["tasks"]["t1"]["note"], written["tasks"]["t1"]["name"]) == (["x"], "other")
    assert written["timings"]["hourly"]["colour"] == "red"


def test_unknown_keys_survive_inside_retries() -> None:
    found = document.parse(json.dumps(with_task(retries={"attempts": 3, "note": 1})))
    written = json.loads(document.dump(found, found.schedule))
    assert written["tasks"]["t1"]["retries"] == {"attempts": 3, "note": 1}


def test_a_null_that_was_written_in_place_of_an_object_stays() -> None:
    found = document.parse(json.dumps(with_task(retries=None)))
    written = json.loads(document.dump(found, found.schedule))
    assert written["tasks"]["t1"]["retries"] is None


def test_unknown_keys_survive_inside_what_a_task_waits_for() -> None:
    tree = with_task(after=[{"task": "t2"}, {"task": "t3", "outcome": "any", "note": 1}])
    tree["tasks"] |= dict.fromkeys(("t2", "t3"), MINIMAL["tasks"]["t1"])
    found = document.parse(json.dumps(tree))
    assert found.schedule.tasks["t1"].after == (After("t2"), After("t3", "any"))
    written = json.loads(document.dump(found, found.schedule))
    assert written["tasks"]["t1"]["after"] == tree["tasks"]["t1"]["after"]


def test_keys_keep_their_order_and_a_default_that_was_written_stays_written() -> None:
    source = with_task(timeoutSeconds=300, shell=False)
    found = document.parse(json.dumps(source))
    task = json.loads(document.dump(found, found.schedule))["tasks"]["t1"]
    assert list(task)[:5] == ["name", "timingId", "command", "timeoutSeconds", "shell"]
    assert (task["timeoutSeconds"], task["shell"]) == (300, False)


def test_a_whole_number_of_seconds_is_written_without_a_point() -> None:
    found = document.parse(json.dumps(with_task(timeoutSeconds=60.0, killGraceSeconds=1.5)))
    written = document.dump(found, found.schedule)
    assert '"timeoutSeconds": 60,' in written
    assert '"killGraceSeconds": 1.5' in written


def test_a_one_off_has_an_instant_and_no_expression() -> None:
    schedule = parsed(with_timing(at="2026-12-24T09:30:00+01:00"))
    recurrence = schedule.timings["hourly"].recurrence
    assert recurrence == Recurrence(at=datetime(2026, 12, 24, 8, 30, tzinfo=UTC))
    written = json.loads(document.dump(document.Document(), schedule))["timings"]["hourly"]
    assert written["at"] == "2026-12-24T08:30Z"
    assert "cronExpression" not in written


@pytest.mark.parametrize(
    ("zone", "read"), [(None, None), ("local", None), ("Asia/Tokyo", "Asia/Tokyo")]
)
def test_a_zone_is_a_name_or_the_machines_own(zone: str | None, read: str | None) -> None:
    tree = with_timing(cronExpression="0 * * * *", timezone=zone)
    assert parsed(tree).timings["hourly"].zone == read


def test_a_task_belongs_to_the_timing_that_it_names_whatever_the_lists_say() -> None:
    task = MINIMAL["tasks"]["t1"]
    tree = {
        "tasks": {"a": task, "b": task, "c": {**task, "timingId": "daily"}},
        "timings": {
            "hourly": {"cronExpression": "0 * * * *", "taskIds": ["c", "b", "gone", "b"]},
            "daily": {"cronExpression": "0 0 * * *"},
        },
    }
    timings = parsed(tree).timings
    assert (timings["hourly"].task_ids, timings["daily"].task_ids) == (("b", "a"), ("c",))


TASK = 'schedule.json: tasks["t1"]'
TIMING = 'schedule.json: timings["hourly"]'
COMPLAINTS: list[tuple[object, str, str, str]] = [
    ([], "schedule.json", "The document is not an object.", '{"version": "2.0.0"}'),
    ({"version": 2}, "schedule.json: version", "2 is not a version.", '"2.0.0"'),
    ({"version": "x"}, "schedule.json: version", '"x" is not a version.', '"2.0.0"'),
    ({"version": "0.9"}, "schedule.json: version", '"0.9" is not a version.', '"2.0.0"'),
    ({"version": "3.0"}, "schedule.json: version", "version 3.0; this ncp reads", "Upgrade ncp"),
    ({"tasks": []}, "schedule.json: tasks", "[] is not an object of tasks", '"tasks": {}'),
    ({"timings": 1}, "schedule.json: timings", "1 is not an object of timings", '"timings": {}'),
    (with_task(timingId="x"), f"{TASK}.timingId", '"x" is not among', "one of: hourly"),
    (
        {"tasks": MINIMAL["tasks"]},
        f"{TASK}.timingId",
        '"hourly" is not among',
        "an id under timings",
    ),
    ({"tasks": {"t1": []}}, TASK, "[] is not an object", "in braces"),
    ({"tasks": {"../x": {}}}, 'schedule.json: tasks["../x"]', '"../x" is not an id', "rename"),
    (with_task(id="t2"), f"{TASK}.id", '"t2" differs', '"t1"'),
    (with_task(timeoutSeconds="5 minutes"), f"{TASK}.timeoutSeconds", "a number of seconds", "300"),
    (with_task(timeoutSeconds=-1), f"{TASK}.timeoutSeconds", "-1.0 is not a number", "Write 1."),
    (
        with_task(timeoutSeconds=None),
        f"{TASK}.timeoutSeconds",
        "null is not a number",
        "Remove the key",
    ),
    (
        with_task(killGraceSeconds=-1),
        f"{TASK}.killGraceSeconds",
        "-1.0 is not a number",
        "Write 1.",
    ),
    (with_task(envFile="b.env"), f"{TASK}.envFile", "is not an absolute path", "/home/ann"),
    (with_task(envFile="/b\0"), f"{TASK}.envFile", "is not an absolute path", "/home/ann"),
    (with_task(stdin="\ud83d"), f"{TASK}.stdin", "cannot be written", "Remove it"),
    (with_task(stdin=5), f"{TASK}.stdin", "5 is not text", '"5"'),
    (with_task(maxExecutions=0), f"{TASK}.maxExecutions", "0 is not a count", "1"),
    (with_task(maxExecutions=10**30), f"{TASK}.maxExecutions", "is not a count", "1"),
    (with_task(maxExecutions=1.5), f"{TASK}.maxExecutions", "1.5 is not a whole number", "2"),
    (with_task(endDate="2027"), f"{TASK}.endDate", '"2027" is not an instant', "2027-01-01"),
    (with_task(endDate="2027-01-01"), f"{TASK}.endDate", "is not an instant", "2027-01-01T00"),
    (with_task(activeSince="x"), f"{TASK}.activeSince", '"x" is not an instant', "2027-01-01"),
    (with_task(name=" "), f"{TASK}.name", '" " is empty', "Nightly backup"),
    (with_task(name=5), f"{TASK}.name", "5 is not text", '"5"'),
    (with_task(shell="yes"), f"{TASK}.shell", '"yes" is not true or false', "true"),
    (with_task(status="odd"), f"{TASK}.status", '"odd" is not a status', '"active", "paused"'),
    (with_task(overlap="twice"), f"{TASK}.overlap", '"twice" is not a way to treat', '"skip", "q'),
    (with_task(priority=1), f"{TASK}.priority", "1 is not a priority", '"critical"'),
    (with_hours(start="9:00"), f"{TASK}.activeHours.start", '"9:00" is not a time', '"09:00"'),
    (with_hours(end="24:01"), f"{TASK}.activeHours.end", '"24:01" is not a time', '"17:00"'),
    (with_hours(days=["Monday"]), f"{TASK}.activeHours.days", "are not all days", '["mon"]'),
    (with_hours(days="mon"), f"{TASK}.activeHours.days", '"mon" is not a list', '["mon"]'),
    (with_hours(end="09:00"), f"{TASK}.activeHours", "span no time", '"end": "24:00"'),
    (with_task(limits=64), f"{TASK}.limits", "64 is not an object", '{"memoryMb": 64}'),
    (with_limits(memoryMb=0), f"{TASK}.limits.memoryMb", "0 is not a number of mega", "512"),
    (with_limits(memoryMb=2**33), f"{TASK}.limits.memoryMb", "is not a number of mega", "512"),
    (with_limits(memoryMb="1G"), f"{TASK}.limits.memoryMb", '"1G" is not a number of mega', "1024"),
    (with_limits(cpuSeconds=0), f"{TASK}.limits.cpuSeconds", "0 is not a number of sec", "60"),
    (with_limits(openFiles=0), f"{TASK}.limits.openFiles", "0 is not a number of files", "256"),
    (with_limits(openFiles=2**21), f"{TASK}.limits.openFiles", "from 1 to 1048576", "256"),
    (with_limits(nice=-21), f"{TASK}.limits.nice", "-21 is not a nice level", "Write -20."),
    (with_limits(nice=20), f"{TASK}.limits.nice", "20 is not a nice level", "Write 19."),
    (with_task(origin=""), f"{TASK}.origin", '"" is no origin', "apply:/srv/"),
    (with_task(umask="028"), f"{TASK}.umask", '"028" is not a umask', '"022"'),
    (with_task(umask="1777"), f"{TASK}.umask", '"1777" is not a umask', "three octal digits"),
    (with_task(umask=18), f"{TASK}.umask", "18 is not a umask", '"022"'),
    (with_task(jitterSeconds="x"), f"{TASK}.jitterSeconds", '"x" is not a number of s', "60"),
    (
        with_task(jitterSeconds=-1),
        f"{TASK}.jitterSeconds",
        "-1.0 is not a number of sec",
        "Write 1.",
    ),
    (with_task(after="t2"), f"{TASK}.after", '"t2" is not a list of tasks', '[{"task"'),
    (with_task(after=["t2"]), f"{TASK}.after[0]", '"t2" is not a task', 'Write {"task": "t2"}'),
    (with_task(after=[{}]), f"{TASK}.after[0]", "lacks the key task", "Add"),
    (
        with_task(after=[{"task": "t2", "outcome": "x"}]),
        f"{TASK}.after[0].outcome",
        '"x" is not an outcome',
        '"failure"',
    ),
    (with_task(retries=3), f"{TASK}.retries", "3 is not an object", '{"attempts": 3}'),
    (with_task(retries={}), f"{TASK}.retries", "lacks the key attempts", 'Add "attempts": 3'),
    (
        with_task(retries={"attempts": 0}),
        f"{TASK}.retries.attempts",
        "0 is not a count",
        "Write 1.",
    ),
    (
        with_task(retries={"attempts": 11}),
        f"{TASK}.retries.attempts",
        "11 is not a count",
        "Write 10.",
    ),
    (
        with_task(retries={"attempts": "3"}),
        f"{TASK}.retries.attempts",
        "not a whole number",
        "Write 3.",
    ),
    (
        with_task(retries={"attempts": 1, "on": "x"}),
        f"{TASK}.retries.on",
        '"x" is not a cause',
        '"failure"',
    ),
    (
        with_task(retries={"attempts": 1, "backoff": 0.5}),
        f"{TASK}.retries.backoff",
        "0.5 is not a factor",
        "Write 1.",
    ),
    (
        with_task(command="ls -l"),
        f"{TASK}.command",
        '"ls -l" is not a list of words',
        '["ls", "-l"]',
    ),
    (with_task(command=["a", 5]), f"{TASK}.command[1]", "5 is not text", '"5"'),
    (with_task(command=["a\0"]), f"{TASK}.command", "holds a character", "Remove it"),
    (with_task(command=["a\ud83d"]), f"{TASK}.command", "no program can be given", "Remove it"),
    (with_task(name="a\ud83d"), f"{TASK}.name", "cannot be written", "Remove it"),
    (with_task(workingDirectory="/a\0"), f"{TASK}.workingDirectory", "is not a folder", "/srv"),
    (with_task(command=[""]), f"{TASK}.command", "has no program", "/bin/true"),
    (with_task(environment=[]), f"{TASK}.environment", "[] is not an object", '{"NAME"'),
    (with_task(environment={"A": 1}), f'{TASK}.environment["A"]', "1 is not text", 'Write "1"'),
    (
        with_task(environment={"A=B": ""}),
        f'{TASK}.environment["A=B"]',
        "cannot be a var",
        "a name without =",
    ),
    (with_task(environment={"": ""}), f'{TASK}.environment[""]', "cannot be a variable", "a name"),
    (
        with_task(capturedEnvironment={"A": "\0"}),
        f'{TASK}.capturedEnvironment["A"]',
        "cannot be a variable",
        "without NUL",
    ),
    ({"tasks": {"t1": {}}}, TASK, "lacks the key name", 'Add "name"'),
    ({"timings": {"UPPER": {}}}, 'schedule.json: timings["UPPER"]', "is not an id", "rename"),
    (with_timing(), TIMING, "needs one of cronExpression, at and never", '"cronExpression"'),
    (with_timing(cronExpression="0 * * * *", at="x"), TIMING, "needs one of", '"cronExpression"'),
    (with_timing(never=True, at="x"), TIMING, "needs one of", '"cronExpression"'),
    (
        with_timing(never=True, every={"count": 2, "unit": "day", "anchor": "2026-11-20"}),
        f"{TIMING}.every",
        "has no interval",
        "Remove it",
    ),
    (with_timing(at="noon"), f"{TIMING}.at", '"noon" is not an instant', "2026-12-24"),
    (with_timing(cronExpression="61 * * * *"), f"{TIMING}.cronExpression", "minute field", "59"),
    (
        with_timing(cronExpression="0 * * * *", timezone="Mars/Base"),
        f"{TIMING}.timezone",
        "Mars/Base",
        "",
    ),
]


@pytest.mark.parametrize(("tree", "where", "what", "next_step"), COMPLAINTS)
def test_each_complaint_names_its_key_the_problem_and_what_to_write(
    tree: object, where: str, what: str, next_step: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        parsed(tree)
    error = caught.value
    assert error.where == where
    assert what in error.what
    assert next_step in error.next_step
    assert error.what.endswith(".")
    assert error.next_step.endswith((".", "ncp-scheduler"))


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=9)
NAMES = TEXT.filter(lambda name: bool(name) and "=" not in name)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "id": st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True),
    "name": TEXT.filter(lambda name: bool(name.strip())),
    "timing_id": st.just("hourly"),
    "command": st.lists(TEXT, max_size=3).map(lambda words: ("true", *words)),
    "shell": st.booleans(),
    "steps": st.lists(
        st.builds(
            Stage,
            command=TEXT.map(lambda word: ("true", word)),
            name=st.just(""),
            timeout_seconds=st.floats(0, 1e9),
        )
        | st.just(Stage(("a | b",), shell=True)),
        max_size=3,
    ).map(tuple),
    "tool": st.none() | st.sampled_from(["files:list", "My Server:a:b"]),
    "parameters": st.dictionaries(
        TEXT,
        st.none() | st.integers() | st.floats(-9, 9) | TEXT | st.lists(TEXT),
        max_size=2,
    ),
    "description": st.none() | TEXT,
    "tags": st.sampled_from([(), ("nightly",), ("db", "off-site")]),
    "working_directory": st.none() | TEXT,
    "environment": st.dictionaries(NAMES, TEXT, max_size=2),
    "captured_environment": st.dictionaries(NAMES, TEXT, max_size=2),
    "timeout_seconds": st.floats(0, 1e9) | st.integers(0, 99999).map(float),
    "kill_grace_seconds": st.floats(0, 1e9),
    "overlap": st.sampled_from(["skip", "queue", "replace", "allow"]),
    "retries": st.none()
    | st.builds(
        Retries,
        attempts=st.integers(1, 10),
        delay_seconds=st.floats(0, 86400),
        backoff=st.floats(1, 10),
        max_delay_seconds=st.floats(0, 86400),
        on=st.sampled_from(["failure", "timeout", "both"]),
    ),
    "on_failure": st.none() | st.just(Hook(("mail -s failed ann",), shell=True)),
    "on_success": st.none() | st.just(Hook(("touch", "fine"))),
    "priority": st.sampled_from(["critical", "high", "medium", "low"]),
    "active_hours": st.none()
    | st.builds(
        ActiveHours,
        start=st.sampled_from(["00:00", "09:30", "23:59"]),
        end=st.sampled_from(["08:00", "24:00"]),
        days=st.sampled_from([(), ("mon",), ("sat", "sun")]),
    ),
    "limits": st.none()
    | st.builds(
        Limits,
        memory_mb=st.none() | st.integers(1, 2**32),
        cpu_seconds=st.none() | st.integers(1, 10**9),
        open_files=st.none() | st.integers(1, 2**20),
        nice=st.none() | st.integers(-20, 19),
    ),
    "umask": st.sampled_from(["022", "077", "0002"]),
    "jitter_seconds": st.sampled_from([0, 0.5, 3599]),
    "after": st.just(()),  # of tasks that are there: test_relations.py
    "fire_once": st.booleans(),
    "max_executions": st.none() | st.integers(1, 999),
    "end_date": st.none() | st.just("2027-01-01T00:00:00Z"),
    "env_file": st.none() | st.just("/srv/b.env"),
    "stdin": st.none() | TEXT,
    "catchup_missed": st.booleans(),
    "created_at": st.none() | TEXT,
    "active_since": st.none() | st.just("2026-01-01T00:00:00+01:00"),
    "complaints": st.lists(st.builds(Complaint, TEXT, TEXT), max_size=2).map(tuple),
    "status_before": st.none() | st.just("paused"),
    "original": st.none(),  # none of these can be active: see test_mending
    "origin": st.none() | st.just("apply:/srv/schedule.yaml"),
    "status": st.sampled_from(["active", "paused", "completed", "error"]),
    "paused_with_all": st.booleans(),
    "error_message": st.none() | TEXT,
}


def with_one_action(task: Task) -> Task:
    """Keep its steps, else its tool, else its command."""
    if task.tool and not task.steps:
        return replace(task, command=(), shell=False, stdin=None)
    found = replace(task, tool=None, parameters={})
    if task.steps:
        return replace(found, command=(), shell=False)
    return replace(found, command=task.command[:1] if task.shell else task.command)


TASKS = st.builds(Task, **FIELDS).map(with_one_action)


@given(st.lists(TASKS, max_size=3, unique_by=lambda task: task.id))
def test_any_schedule_is_read_back_as_it_was(tasks: list[Task]) -> None:
    timing = Timing(
        id="hourly",
        name="Hourly",
        recurrence=expression.parse("0 * * * *"),
        zone="Asia/Tokyo",
        task_ids=tuple(task.id for task in tasks),
        created_at="2026-01-01T00:00:00Z",
    )
    schedule = Schedule({task.id: task for task in tasks}, {"hourly": timing})
    once = document.parse(document.dump(document.Document(), schedule))
    assert once.schedule == schedule
    assert document.parse(document.dump(once, once.schedule)) == once


def test_the_round_trip_covers_every_field_of_a_task() -> None:
    assert set(FIELDS) == {field.name for field in fields(Task)}
