"""An interval in schedule.json: beside its expression, with complaints by key."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ncp import document
from ncp.errors import DocumentError
from ncp.model import Every


def text(cron: str | None = "0 9 * * 1", **values: object) -> str:
    timing = {"id": "a", "name": "A", "cronExpression": cron, **values}
    return json.dumps({"version": "2.0.0", "timings": {"a": timing}})


def test_an_interval_is_read_and_written_as_it_was() -> None:
    every = {"count": 2, "unit": "week", "anchor": "2026-11-23"}
    found = document.parse(text(every=every))
    assert found.schedule.timings["a"].recurrence.every == Every(2, "week", "2026-11-23")
    written = json.loads(document.dump(document.Document(), found.schedule))["timings"]["a"]
    assert written["every"] == every
    assert list(written)[2:4] == ["cronExpression", "every"]


def test_a_timing_without_an_interval_has_no_such_key() -> None:
    found = document.parse(text())
    assert (
        "every"
        not in json.loads(document.dump(document.Document(), found.schedule))["timings"]["a"]
    )


def test_several_expressions_are_written_in_their_one_form() -> None:
    found = document.parse(text("30 17 * * * | 0 9 * * *"))
    written = json.loads(document.dump(found, found.schedule))["timings"]["a"]
    assert written["cronExpression"] == "0 9 * * * | 30 17 * * *"


@pytest.mark.parametrize(
    ("every", "where", "what"),
    [
        ({"count": "x", "unit": "week", "anchor": "2026-11-23"}, ".count", '"x" is not a whole'),
        ({"count": 0, "unit": "week", "anchor": "2026-11-23"}, ".count", "0 is not a number of"),
        ({"count": 2, "unit": "wk", "anchor": "2026-11-23"}, ".unit", '"wk" is not a unit'),
        ({"count": 2, "unit": "hour", "anchor": "2026-11-23T08:00Z"}, ".unit", "needs"),
        ({"count": 2, "unit": "week"}, "", "anchor"),
        ({"count": 2, "unit": "week", "anchor": "now"}, ".anchor", '"now" is not a date'),
        ({"count": 14, "unit": "day", "anchor": "2026-11-24"}, ".anchor", "No date"),
        ("fortnightly", "", "is not an interval"),
    ],
)
def test_a_wrong_interval_is_named_by_its_key(every: Any, where: str, what: str) -> None:
    with pytest.raises(DocumentError) as caught:
        document.parse(text(every=every))
    assert caught.value.where == f'schedule.json: timings["a"].every{where}'
    assert what in caught.value.what
    assert caught.value.next_step


def test_a_one_off_with_an_interval_is_refused() -> None:
    every = {"count": 2, "unit": "day", "anchor": "2026-11-23"}
    with pytest.raises(DocumentError, match="One instant has no interval") as caught:
        document.parse(text(None, at="2030-01-01T00:00Z", every=every))
    assert caught.value.where.endswith(".every")
