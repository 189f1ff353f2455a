"""What a task was before it waited to be mended, and odd values in what it was made from."""

from __future__ import annotations

from typing import get_args

import pytest

from ncp import owners
from ncp.document import complaints, waiting
from ncp.errors import Location
from ncp.fields import meant
from ncp.model import Task
from ncp.process.identity import me


@pytest.mark.parametrize(
    ("original", "status"),
    [
        ('{"status": "paused"}', "paused"),
        ('{"status": "odd"}', None),
        ("0 9 * * * backup", None),
        ("[1]", None),
        (None, None),
    ],
)
def test_the_status_before_is_read_from_json_alone(
    original: str | None, status: str | None
) -> None:
    task = Task(id="t", name="n", timing_id="x", original=original)
    assert waiting.status_before(task) == status


def test_only_texts_can_hold_half_of_a_character() -> None:
    tree = {"a": 5, "b": [None, "whole", "\ud800"]}
    found = complaints._halves(tree, Location("task"))  # noqa: SLF001  the reader refuses numbers first
    assert [text for _, text in found] == ["\ud800"]


def test_an_object_means_no_tags() -> None:
    assert meant.as_tags([{}]) is None


def test_a_process_is_known_by_three_values() -> None:
    assert [type(one) for one in me()] == [*get_args(owners.Owner)]
