"""The files of a version 1 home: each field, each row, each setting, and what is wrong with it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ncp.migrating import history, jobs, settings

GOOD: dict[str, Any] = {
    "name": "n",
    "cronExpression": "0 9 * * *",
    "tool": "s:t",
    "status": "active",
    "executionCount": 3,
}


def job(key: str = "one", **values: Any) -> jobs.Job:
    tree = {"jobs": {key: {**GOOD, **values}}}
    (found,) = jobs.read(json.dumps(tree).encode(), "jobs.json", {"s"})
    return found


KEPT = {
    "no cron": ({"cronExpression": None}, "cronExpression: it is missing"),
    "fire once": ({"fireOnce": "yes"}, 'fireOnce: "yes" is neither true nor false'),
    "count": ({"maxExecutions": True}, "maxExecutions: true is not a count"),
    "countless": ({"maxExecutions": 10**30}, "maxExecutions: 1000000000"),
    "end": ({"endDate": 5}, "endDate: 5 is not an instant"),
    "parameters": ({"parameters": [1]}, "parameters: [1] is not an object"),
    "huge number": ({"parameters": {"x": 1e999}}, "parameters"),
    "zero byte": ({"name": "a\0b"}, "name"),
    "two": ({"tool": None, "timezone": "X/Y"}, 'timezone: "X/Y" is not an IANA time zone; tool'),
    "folder": ({"workingDirectory": "\ud800"}, "workingDirectory"),
    "no such day": ({"endDate": "9999-12-31T23:00:00-14:00"}, "endDate"),
}


@pytest.mark.parametrize(("values", "why"), KEPT.values(), ids=KEPT)
def test_a_job_that_cannot_be_used_is_kept_with_its_reason_and_text(
    values: dict[str, Any], why: str
) -> None:
    source = json.dumps({"jobs": {"one": {**GOOD, **values}}}).replace("Infinity", "1e999")
    (found,) = jobs.read(source.encode(), "jobs.json", {"s"})
    assert found.item.values["status"] == "error"
    assert why in found.item.values["error_message"]
    original = json.loads(found.item.values["original"])
    assert {key: original[key] for key in values} == json.loads(
        json.dumps(values).replace("Infinity", "1e999")
    )


ODD = {
    "no name": ({"name": ""}, "name", ("name", "one")),
    "created": ({"createdAt": "soon"}, "createdAt", ("created_at", None)),
    "description": ({"description": 5}, "description", ("description", None)),
    "no status": ({"status": None}, "status", ("status", "paused")),
    "counted": ({"executionCount": "7"}, "executionCount", ("status", "active")),
    "its id": ({"id": "two"}, "its id", ("id", "one")),
    "created early": (
        {"createdAt": "0001-01-01T00:00:00+14:00"},
        "createdAt",
        ("created_at", None),
    ),
    "another key": ({"theirs": 1}, "theirs", ("status", "active")),
    "catching up": ({"catchupMissed": "no"}, "catchupMissed", ("catchup_missed", None)),
    "counted far": ({"executionCount": 10**30}, "executionCount", ("status", "active")),
}


@pytest.mark.parametrize(("values", "word", "value"), ODD.values(), ids=ODD)
def test_what_is_only_odd_is_said_and_does_no_harm(
    values: dict[str, Any], word: str, value: tuple[str, Any]
) -> None:
    found = job(**values).item
    assert [words.partition(":")[0].partition(' "')[0] for words in found.warnings] == [word]
    name, expected = value
    assert {**found.values, "name": found.name}.get(name) == expected


@pytest.mark.parametrize(("said", "meant"), [(True, True), (False, None), (None, None)])
def test_a_job_catches_up_only_where_it_says_so(said: object, meant: object) -> None:
    assert job(catchupMissed=said).item.values.get("catchup_missed") == meant


def test_dates_are_read_as_javascript_does() -> None:
    assert job(endDate="2031-01-01").item.values["end_date"] == "2031-01-01T00:00:00Z"
    assert job(endDate="2031-01-01T01:00:00+01:00").item.values["end_date"].endswith("00:00:00Z")


@pytest.mark.parametrize(
    ("tree", "ids"),
    [
        ({"a b": {"id": "c"}}, ["c"]),
        ({"a b": {"id": "c"}, "c": {}}, ["job-c8687a08aa5d", "c"]),
        ({"../x": {"id": "/"}, "": None}, ["job-d6b96a97d147", "job-e3b0c44298fc"]),
    ],
)
def test_each_job_has_an_id_of_its_own(tree: dict[str, Any], ids: list[str]) -> None:
    found = jobs.read(json.dumps({"jobs": tree}).encode(), "jobs.json", ())
    assert [one.task_id for one in found] == ids


HEAD = "executionId,jobId,jobName,tool,startedAt,duration,status,errorMessage\n"
ROW = "{0},j,n,s:t,2025-11-01T10:00:00.000Z,{1},{2},{3}\n"


def test_errors_of_many_lines_quotes_and_any_length_are_one_row() -> None:
    words = 'a\n"b",\r\nc' + 300_000 * "x"
    quoted = '"' + words.replace('"', '""') + '"'
    table = HEAD + ROW.format("e1", 5, "failure", quoted) + ROW.format("e2", "", "running", "")
    found, notes = history.read(table, {})
    assert notes == ()
    assert [(one.error, one.status, one.milliseconds) for one in found] == [
        (words, "failure", 5),
        ("", "interrupted", None),
    ]
    assert [one.id for one in found] == ["20251101T100000-e1", "20251101T100000-e2"]


@pytest.mark.parametrize("duration", ["9" * 400, "9" * 20, 10**12 - 1])
def test_an_impossible_duration_is_none(duration: object) -> None:
    row = ROW.replace("2025", "9999").format("e1", duration, "success", "")
    (found,), notes = history.read(HEAD + row, {})
    assert (found.ended, notes) == (None, ())


def test_rows_that_are_none_are_said_and_the_others_come() -> None:
    bad = "e3,j,n\n" + ROW.format("e4", 1, "exploded", "") + ROW.format("", 1, "success", "")
    found, notes = history.read(HEAD + bad + ROW.format("e5", 1, "success", ""), {"e6": []})
    assert [one.old_id for one in found] == ["e5"]
    assert notes == ("executions/summary.csv: rows that end on these lines are none: 2, 3, 4.",)


RESULTS = {
    "text": ({"result": "plain"}, ("STDOUT", b"plain\n")),
    "content": (
        {"result": {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}},
        ("STDOUT", b"a\nb\n"),
    ),
    "other": ({"result": {"n": 1}}, ("STDOUT", b'{\n  "n": 1\n}\n')),
    "error": ({"error": {"message": "m"}}, ("STDERR", b'{\n  "message": "m"\n}\n')),
    "nothing": ({"result": None}, None),
}


@pytest.mark.parametrize(("result", "output"), RESULTS.values(), ids=RESULTS)
def test_a_result_without_a_row_comes_with_what_it_left(
    result: dict[str, Any], output: tuple[str, bytes] | None
) -> None:
    whole = {
        "executionId": "odd id!",
        "jobId": "j",
        "startedAt": "2025-11-01T10:00:00Z",
        "status": "success",
        "duration": 12,
        **result,
    }
    (found,), _ = history.read("", {"odd id!": whole})
    assert found.output == output
    assert found.milliseconds == 12
    assert found.id.startswith("20251101T100000-")
    assert "!" not in found.id


SETTINGS = {
    "milliseconds": ({"defaultTimeout": 1500}, {"default_timeout_seconds": 1.5}, ""),
    "no cleanup": (
        {"enableAutoCleanup": False, "maxExecutionsPerJob": 5},
        {"retention_per_task": 0, "retention_days": 0},
        "kept without limit",
    ),
    "cleanup": ({"enableAutoCleanup": True}, {}, ""),
    "unknown": ({"theme": "dark"}, {}, 'theme ("dark") has no counterpart'),
    "endless": ({"defaultTimeout": 10**400}, {}, "has no counterpart"),
    "rubbish": ({"maxExecutionAgeDays": "x"}, {}, 'maxExecutionAgeDays ("x") has no counterpart'),
}


@pytest.mark.parametrize(("tree", "found", "note"), SETTINGS.values(), ids=SETTINGS)
def test_settings_have_their_counterparts_or_it_is_said(
    tree: dict[str, Any], found: dict[str, Any], note: str
) -> None:
    values, notes = settings.read(json.dumps(tree).encode(), "config.json")
    assert values == found
    assert note in " ".join(notes)
    assert bool(notes) == bool(note)
