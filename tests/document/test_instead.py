"""What was meant by a value that cannot be: it would be taken, and means what was written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ncp import document
from ncp.document import complaints, instead, shape
from ncp.errors import DocumentError

TEXTS: dict[str, list[tuple[Any, str]]] = {
    "timeoutSeconds": [("10m", "600"), ("1.5s", "1.5"), ("soon", "300"), (True, "300")],
    "killGraceSeconds": [("10s", "10")],
    "jitterSeconds": [("2d", "172800"), (90000, "86400"), (-5, "5")],
    "maxExecutions": [("3", "3"), ("many", "1")],
    "catchupMissed": [("no", "false"), ("On", "true"), (0, "false"), ("perhaps", "true or false")],
    "name": [(5, '"5"'), (True, '"true"'), ([], '"text"')],
    "umask": [("22", '"022"'), (22, '"022"'), ("9", '"022"')],
    "retries": [(3, '{"attempts": 3}'), (99, '{"attempts": 10}'), ("many", '{"attempts": 3}')],
    "limits": [("512MB", '{"memoryMb": 512}'), ("a lot", '{"memoryMb": 512}')],
    "activeHours": [
        ("mon-tue 9:00-17:00", '{"start": "09:00", "end": "17:00", "days": ["mon", "tue"]}'),
        ("22:00-06:00", '{"start": "22:00", "end": "06:00"}'),
        ("9 to 5", '{"start": "09:00", "end": "17:00"}'),
        (9, '{"start": "09:00", "end": "17:00"}'),
        ({"start": "9:00", "end": "17:00"}, '"09:00"'),
        ({"start": "9", "end": "17:00"}, '"09:00"'),
        ({"start": "nine", "end": "17:00"}, '"09:00"'),
        ({"start": "09:00", "end": "17:00", "days": ["Monday"]}, '["mon"]'),
        ({"start": "09:00", "end": "17:00", "days": "Mon, Fri"}, '["mon", "fri"]'),
        ({"start": "09:00", "end": "17:00", "days": 5}, '["mon", "fri"]'),
    ],
    "command": [("ls -l 'a b'", '["ls", "-l", "a b"]'), ("a | b", '["/usr/bin/rsync"')],
    "steps": [("a b", '[{"command": ["a", "b"]}]'), (5, '[{"command": ["/bin/true"]}]')],
    "onFailure": [
        ("a | b", '{"command": ["a | b"], "shell": true}'),
        ("it's", '{"command": ["it\'s"], "shell": true}'),
        ("", '{"command": ["/bin/true"]}'),
    ],
    "environment": [
        (["A=B=C"], '{"A": "B=C"}'),
        ("A=B", '{"A": "B"}'),
        ([1], '{"NAME": "value"}'),
        ([], '{"NAME": "value"}'),
        ({"A": 1}, '"1"'),
    ],
    "endDate": [("2027-01-01", '"2027-01-01T00:00:00Z"'), (5, '"2030-01-01T00:00:00Z"')],
    "after": [("b", '[{"task": "b"}]'), (["b"], '{"task": "b"}'), (5, '[{"task": "fetch"')],
}
ROWS = [(key, value, wanted) for key, rows in TEXTS.items() for value, wanted in rows]


def parse(key: str, value: object) -> None:
    task = {"name": "n", "timingId": "hourly", "command": ["x"], key: value}
    timings = {"hourly": {"cronExpression": "0 * * * *"}}
    document.parse(json.dumps({"tasks": {"t": task}, "timings": timings}))


@pytest.mark.parametrize(("key", "value", "wanted"), ROWS)
def test_a_complaint_says_what_was_meant(key: str, value: object, wanted: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(key, value)
    assert caught.value.next_step.startswith(f"Write {wanted}")


LIMITS = [
    ("memoryMb", "1G", "1024"),
    ("memoryMb", 0, "512"),
    ("cpuSeconds", "5m", "300"),
    ("cpuSeconds", "0", "60"),
    ("openFiles", "64", "64"),
    ("nice", 99, "19"),
]


@pytest.mark.parametrize(("key", "value", "wanted"), LIMITS)
def test_no_advice_on_a_limit_would_kill_the_task(key: str, value: object, wanted: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse("limits", {key: value})
    assert caught.value.next_step == f"Write {wanted}."


ALONE = ("after", "steps", "command", "tool", "parameters")
"""What a task can only have with something else, or without."""
EXAMPLES = [
    (key, example)
    for key, (_, example) in complaints.KEY_WORDS.items()
    if key in shape.TASK_DEFAULTS and key not in ALONE and '", "' not in example
]


@pytest.mark.parametrize(("key", "example"), EXAMPLES)
def test_the_example_of_a_key_is_a_value_of_it(key: str, example: str) -> None:
    parse(key, json.loads(example))


def test_numbers_beyond_all_bounds_mean_nothing() -> None:
    assert instead.written("attempts", "int", float("inf")) is None
    assert instead.written("x", "object", []) is None
    assert instead.written("days", "array", []) is None
    assert instead.written("endDate", "str", "2027-01-01T00:00:00+01:00") is None
