"""Halves of surrogate pairs, which JSON can say and UTF-8 cannot: refused with their place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ncp import document
from ncp.document.text import shown
from ncp.errors import DocumentError

TASK: dict[str, Any] = {"name": "a", "timingId": "t", "command": ["x"]}
TIMING = {"cronExpression": "0 9 * * *"}
HALF = "\ud800"
PLACES = {
    "a task": {"tasks": {"a": HALF}},
    "an id": {"tasks": {HALF: TASK}},
    "a key": {"tasks": {"a": {**TASK, HALF: 1}}},
    "a flag": {"tasks": {"a": {**TASK, "shell": HALF}}},
    "a name": {"tasks": {"a": {**TASK, "name": HALF}}},
    "a status": {"tasks": {"a": {**TASK, "status": HALF}}},
    "a word": {"tasks": {"a": {**TASK, "command": ["x", HALF]}}},
    "an inner key": {"tasks": {"a": {**TASK, "retries": {HALF: 1}}}},
    "an old copy": {"tasks": {"a": {**TASK, "cronExpression": HALF}}},
    "an unknown value": {"tasks": {"a": {**TASK, "status": HALF, "x-a": HALF}}},
    "a timing": {"timings": {"t": HALF}},
    "an expression": {"timings": {"t": {"cronExpression": HALF}}},
    "a zone": {"timings": {"t": {**TIMING, "timezone": HALF}}},
    "a version": {"version": HALF},
    "a section": {"tasks": HALF},
    "all of it": HALF,
}


@pytest.mark.parametrize("name", PLACES)
def test_half_of_a_character_is_taken_or_refused_in_words(name: str) -> None:
    tree = PLACES[name]
    whole = {"timings": {"t": TIMING}, **tree} if isinstance(tree, dict) else tree
    try:
        found = document.parse(json.dumps(whole))
    except DocumentError:
        pass
    else:
        document.dump(found, found.schedule).encode()


def test_the_place_of_a_half_is_named() -> None:
    tree = {"tasks": {"a": {**TASK, "shell": HALF}}, "timings": {"t": TIMING}}
    with pytest.raises(DocumentError) as caught:
        document.parse(json.dumps(tree))
    assert 'tasks["a"].shell' in caught.value.where


def test_what_a_message_shows_can_be_printed() -> None:
    assert shown(f"a{HALF}é") == '"a\\ud800é"'


@pytest.mark.parametrize("version", ["²", "1" * 5000, "٣", "0", "-1", "2²"])
def test_a_version_of_odd_digits_is_refused(version: str) -> None:
    with pytest.raises(DocumentError, match="is not a version"):
        document.parse(json.dumps({"version": version}))
