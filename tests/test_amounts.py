"""Durations and sizes, read against hand-written tables and against Python's own arithmetic."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from ncp import amounts
from ncp.errors import InputError

SECONDS = {
    "300": 300,
    "0": 0,
    "1.5": 1.5,
    "-1": -1,
    "5m": 300,
    "5 min": 300,
    "5 Minutes": 300,
    "90s": 90,
    "1h30m": 5400,
    "1 h 30 min": 5400,
    "2 days": 172800,
    "1w": 604800,
    "500ms": 0.5,
    " 10s ": 10,
}
SIZES = {
    "512": 512,
    "512MB": 512,
    "512 MiB": 512,
    "512m": 512,
    "2G": 2048,
    "1.5 GB": 1536,
    "1t": 1024**2,
    "1048576B": 1,
    "1025K": 2,
    "1b": 1,
}


@pytest.mark.parametrize(("text", "seconds"), SECONDS.items())
def test_a_duration_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert amounts.seconds(text) == seconds


@pytest.mark.parametrize(("unit", "word"), [("hours", "h"), ("days", "d"), ("weeks", "weeks")])
def test_units_are_as_long_as_those_of_python(unit: str, word: str) -> None:
    assert amounts.seconds(f"3{word}") == timedelta(**{unit: 3}).total_seconds()


@pytest.mark.parametrize(("text", "megabytes"), SIZES.items())
def test_a_size_is_read_as_people_write_it(text: str, megabytes: int) -> None:
    assert amounts.megabytes(text) == megabytes


def test_other_units_alone_are_those_of_their_key() -> None:
    assert amounts.octets("10MB") == 10 * 1024**2
    assert amounts.octets("4096") == 4096
    assert amounts.days("14") == amounts.days("2w") == amounts.days("14 days") == 14
    assert amounts.whole_seconds("1500ms") == 2
    assert amounts.some_seconds("1m") == 60


REFUSED = [
    (amounts.seconds, "5 mintes", "5minutes"),
    (amounts.seconds, "1,5h", "1.5h"),
    (amounts.seconds, "1h 30 mni", "1h30min"),
    *((amounts.seconds, text, "5m") for text in ("soon", "", "h", "5q", "1:30", "m5", "5m x")),
    (amounts.megabytes, "512 MBB", "512mb"),
    (amounts.megabytes, "lots", "512MB"),
    (amounts.days, "36h", "2d"),
    (amounts.days, "0", "1d"),
    (amounts.some_seconds, "0", "5m"),
]


@pytest.mark.parametrize(("read", "text", "instead"), REFUSED)
def test_what_is_no_amount_is_refused_with_one_that_is_read(
    read: type, text: str, instead: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.next_step == f"Write: {instead}"
    read(instead)


@pytest.mark.parametrize("text", [*SECONDS, *SIZES])
def test_the_pattern_of_the_schema_takes_what_is_read(text: str) -> None:
    assert re.search(amounts.WRITTEN, text) or text.startswith("-")
