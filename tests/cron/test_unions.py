"""Several expressions as one: `0 9 * * * | 30 17 * * *`."""

from __future__ import annotations

from datetime import UTC, datetime
from heapq import merge
from itertools import groupby, islice
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from ncp.cron import calendar, expression
from ncp.errors import ExpressionError
from targets.expressions import random_crons

if TYPE_CHECKING:
    from collections.abc import Iterator

START = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("30 17 * * * | 0 9 * * *", "0 9 * * * | 30 17 * * *"),
        ("0 9 * * *|30 17 * * *", "0 9 * * * | 30 17 * * *"),
        ("0 17 * * * | 0 9 * * *", "0 9,17 * * *"),
        ("0 9 * * * | 0 9 * * *", "0 9 * * *"),
        ("0 9,17 * * * | 30 17 * * *", "0 9 * * * | 0,30 17 * * *"),
        ("0 9 * * mon | 0 9 * * 1", "0 9 * * 1"),
        ("0 9 * * 1 | 0 9 15 * *", "0 9 * * 1 | 0 9 15 * *"),
        ("0 11 * * 0,6 | 0 9 * * 1-5", "0 9 * * 1-5 | 0 11 * * 0,6"),
        ("0 9 1 * 1 | 30 10 1 * 1", "0 9 1 * 1 | 30 10 1 * 1"),
        ("*/10 9-16 * * * | 0-20/10 17 * * *", "*/10 9-16 * * * | 0,10,20 17 * * *"),
        ("*/5 9 * * * | */5 10 * * *", "*/5 9,10 * * *"),
        # put together hour by hour, these would no longer follow elapsed time
        ("*/7 9 * * * | 5 */2 * * *", "5 */2 * * * | */7 9 * * *"),
        ("10 */3 * * * | 5 */2 * * *", "5 */2 * * * | 10 */3 * * *"),
        ("@daily | @hourly", "0 * * * * | 0 0 * * *"),
        ("0-29 * * * * | 30-59 * * * *", "* * * * *"),
    ],
)
def test_a_union_has_one_text(text: str, canonical: str) -> None:
    found = expression.parse(text)
    assert found.cron == canonical
    assert expression.parse(canonical) == found


@pytest.mark.parametrize("text", ["0 9 * * * |", "| 0 9 * * *", "0 9 * * * || 1 9 * * *"])
def test_an_empty_piece_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="has 0 fields"):
        expression.parse(text)


def test_a_mistake_is_named_with_its_piece() -> None:
    with pytest.raises(ExpressionError) as caught:
        expression.parse("0 9 * * * | 61 9 * * *")
    assert "minute field" in caught.value.where
    assert '"61" is out of range' in caught.value.what


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("0 9 1 1 1 | 0 9 2 2 2", True),
        ("0 9 * * * | 30 17 * * *", True),
        ("@daily | @hourly", True),
        ("daily at 9am | weekly", False),
        ("0 9 * * * | weekly", False),
    ],
)
def test_what_looks_like_several_expressions_is_read_as_such(text: str, likely: bool) -> None:
    assert expression.looks_like_cron(text) is likely


def test_a_union_comes_apart_in_its_order() -> None:
    parts = expression.alternatives(expression.parse("30 17 * * * | 0 9 * * *"))
    assert [part.cron for part in parts] == ["0 9 * * *", "30 17 * * *"]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kolkata"])
def test_the_slots_of_random_unions_are_those_of_each_expression(zone: str) -> None:
    source = Random(zone)
    crons = random_crons(source, 60)
    for texts in zip(crons[::3], crons[1::3], crons[2::3], strict=True):
        found = expression.parse(" | ".join(texts))
        assert expression.parse(found.cron) == found
        witnesses = (CronSim(_plain(text), START.astimezone(ZoneInfo(zone))) for text in texts)
        merged = merge(*((slot.astimezone(UTC) for slot in witness) for witness in witnesses))
        expected = list(islice(_distinct(merged), 20))
        assert calendar.following(found, zone, START, 20) == expected, texts


def _plain(text: str) -> str:
    """Write an expression as cronsim knows it: without `L` beside other days."""
    return expression.parse(text).cron


def _distinct(slots: Iterator[datetime]) -> Iterator[datetime]:
    return (slot for slot, _ in groupby(slots))


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_pieces_make_the_same_text(seed: int) -> None:
    source = Random(seed)
    pieces = [f"{source.choice([0, 15, 30])} {hour} * * *" for hour in source.sample(range(24), 6)]
    once = expression.parse(" | ".join(pieces)).cron
    source.shuffle(pieces)
    assert expression.parse(" | ".join(pieces)).cron == once
