"""Ids are read back by a reader written from their grammar alone.

Where reading an id gives the recurrence that it was made from, no two
recurrences can share it.
"""

from __future__ import annotations

import re
from functools import cache
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncp.cron import expression, naming
from ncp.errors import ExpressionError
from ncp.model import Recurrence, Rule

if TYPE_CHECKING:
    from collections.abc import Callable

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
WEEKS = ["first", "second", "third", "fourth", "fifth", "last"]


def listing(item: str) -> str:
    return rf"{item}(?:-to-{item}(?:-by-\d+)?)?(?:-{item}(?:-to-{item})?)*"


CLOCK = r"(?:midnight|noon|\d{1,2}(?:-[0-5]\d)?[ap]m)"
HOUR = r"(?:midnight|noon|\d{1,2}[ap]m)"
NUMBERS = listing(r"\d+")
ORDINAL = r"\d+(?:st|nd|rd|th)"
DATES = rf"(?:odd-days|even-days|{listing(ORDINAL)}(?:-last-day)?|last-day)"
WEEKDAY = rf"(?:(?:(?:{'|'.join(WEEKS)})-)?(?:{'|'.join(DAYS)}))"
WEEKDAYS = listing(WEEKDAY)
MONTH = rf"(?:{'|'.join(MONTHS)})"
WINDOWS = rf"{HOUR}-to-{HOUR}(?:-{HOUR}-to-{HOUR})*"
LABEL = re.compile(
    rf"(?:(?:(?P<set>daily|weekdays|weekends)|(?:weekly|monthly)-(?P<weekdays>{WEEKDAYS})"
    rf"|yearly-(?P<month>{MONTH})-(?P<date>{DATES})"
    rf"|monthly-(?P<days>{DATES})(?:-(?P<join>or|and)-(?P<other>{WEEKDAYS}))?)(?:-|$))?"
    rf"(?:every-(?:(?P<min>\d+)min|(?P<minute>minute))(?:-(?P<span>{WINDOWS}))?"
    rf"|hourly-at-(?P<at>{NUMBERS})(?:-(?P<within>{WINDOWS}))?"
    rf"|every-(?P<hr>\d+)hr(?:-at-(?P<past>{NUMBERS})|-(?P<start>{CLOCK})-to-(?P<stop>{CLOCK}))?"
    rf"|hourly-(?P<runs>{listing(CLOCK)})|(?P<hourly>hourly)|(?P<times>{CLOCK}(?:-{CLOCK})*))"
    rf"(?:-in-(?P<months>{listing(MONTH)}))?(?:-(?P<follows>wall|elapsed))?"
)


def spread(text: str, item: str, value: Callable[[str], int]) -> list[int]:
    found: list[int] = []
    for low, high, step in re.findall(rf"({item})(?:-to-({item}))?(?:-by-(\d+))?(?:-|$)", text):
        found += range(value(low), value(high or low) + 1, int(step or 1))
    return found


def minute_of_day(text: str) -> int:
    if text in {"midnight", "noon"}:
        return 0 if text == "midnight" else 720
    hour, _, minute = text[:-2].partition("-")
    return int(hour) % 12 * 60 + int(minute or 0) + 720 * text.endswith("pm")


def hours_within(text: str | None) -> list[int]:
    hours: list[int] = []
    for low, high in re.findall(rf"({HOUR})-to-({HOUR})", text or "midnight-to-midnight"):
        hours += range(minute_of_day(low) // 60, minute_of_day(high) // 60 or 24)
    return hours


def numbers(text: str) -> list[int]:
    return spread(text, r"\d+", int)


def time_of(found: re.Match[str]) -> tuple[list[int], list[int], str]:
    if found["min"] or found["minute"]:
        return list(range(0, 60, int(found["min"] or 1))), hours_within(found["span"]), "elapsed"
    if found["at"]:
        typical = "wall" if found["within"] else "elapsed"
        return numbers(found["at"]), hours_within(found["within"]), typical
    if found["start"]:
        low, high = minute_of_day(found["start"]), minute_of_day(found["stop"])
        return [low % 60], list(range(low // 60, high // 60 + 1, int(found["hr"]))), "wall"
    if found["hr"]:
        return numbers(found["past"] or "0"), list(range(0, 24, int(found["hr"]))), "elapsed"
    if found["hourly"]:
        return [0], list(range(24)), "elapsed"
    return clock_times(found)


def clock_times(found: re.Match[str]) -> tuple[list[int], list[int], str]:
    if found["times"]:
        times = [minute_of_day(text) for text in re.findall(CLOCK, found["times"])]
        return sorted({t % 60 for t in times}), sorted({t // 60 for t in times}), "wall"
    runs = re.findall(rf"({CLOCK})(?:-to-({CLOCK}))?", found["runs"])
    hours: list[int] = []
    for low, high in runs:
        hours += range(minute_of_day(low) // 60, minute_of_day(high or low) // 60 + 1)
    return [minute_of_day(runs[0][0]) % 60], hours, "wall"


def weekday_code(text: str) -> int:
    week, _, day = text.rpartition("-")
    return DAYS.index(day) + 7 * (WEEKS.index(week) + 1 if week else 0)


def read_weekdays(text: str | None) -> tuple[int, ...] | None:
    return tuple(sorted(spread(text, WEEKDAY, weekday_code))) if text else None


def read_days(text: str | None) -> tuple[int, ...] | None:
    if text in {"odd-days", "even-days"}:
        return tuple(range(1 if text == "odd-days" else 2, 32, 2))
    ordinary = spread(text or "", ORDINAL, lambda ordinal: int(ordinal[:-2]))
    return (*ordinary, *[32] * (text or "").endswith("last-day")) or None


def read_months(text: str | None) -> tuple[int, ...] | None:
    return tuple(spread(text, MONTH, lambda m: MONTHS.index(m) + 1)) if text else None


def read_back(label: str) -> tuple[Rule, ...]:
    found = LABEL.fullmatch(label)
    assert found, label
    minutes, hours, typical = time_of(found)
    sets = {"weekdays": (1, 2, 3, 4, 5), "weekends": (0, 6)}
    weekdays = sets.get(found["set"]) or read_weekdays(found["weekdays"] or found["other"])
    days = read_days(found["days"] or found["date"])
    choices = [(days, None), (None, weekdays)] if found["join"] == "or" else [(days, weekdays)]
    return tuple(
        Rule(
            minutes=None if len(minutes) == 60 else tuple(minutes),
            hours=None if len(hours) == 24 else tuple(hours),
            days=one,
            months=read_months(found["months"] or found["month"]),
            weekdays=other,
            follows="elapsed" if (found["follows"] or typical) == "elapsed" else "wall",
        )
        for one, other in choices
    )


def some(random: Random, low: int, high: int) -> str:
    first = random.randint(low, high)
    last = random.randint(first, high)
    step = random.randint(1, high - low)
    count = random.choice([1, 2, 2, 3, 5])
    values = ",".join(map(str, sorted(random.sample(range(low, high + 1), count))))
    return random.choice(
        [str(first), f"{first}-{last}", f"{first}-{last}/{step}", f"*/{step}", values, "*"]
    )


def random_expression(random: Random) -> str:
    minute = random.choice(["0", "0", "30", "*", "*/15", some(random, 0, 59)])
    hour = random.choice(["9", "*", "9-17", "*/2", some(random, 0, 23)])
    day = random.choice(["*", "*", "L", "1,L", some(random, 1, 31)])
    month = random.choice(["*", "*", some(random, 1, 12)])
    nth = f"{random.randint(0, 6)}#{random.randint(1, 5)}"
    weekday = random.choice(["*", "*", "1-5", "5L", nth, f"1,{nth}", some(random, 0, 7)])
    return f"{minute} {hour} {day} {month} {weekday}"


def near_miss(random: Random, text: str) -> str:
    """Say almost the same: another value, a list for a step, a range for a star."""
    pieces = text.split()
    place = random.randrange(5)
    low, high = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)][place]
    step = random.randint(1, 12) if place < 2 else 2
    stepped = [f"*/{step}", f"{low}-{high}/{step}", ",".join(map(str, range(low, high + 1, step)))]
    pieces[place] = random.choice([*stepped, f"{low}-{high}", str(low), str(high), "*"])
    return " ".join(pieces)


@cache
def parsed(text: str) -> Recurrence | None:
    try:
        return expression.parse(text)
    except ExpressionError:
        return None


def check(recurrence: Recurrence) -> bool:
    label = naming.timing_id(recurrence, None)
    if label.startswith("custom-"):
        return False
    assert read_back(label) == recurrence.rules, (label, recurrence.cron)
    return True


@given(st.randoms(use_true_random=False))
def test_any_readable_id_reads_back_into_its_recurrence(random: Random) -> None:
    for text in (first := random_expression(random), near_miss(random, first)):
        recurrence = parsed(text)
        if recurrence:
            check(recurrence)


@pytest.mark.parametrize("seed", [1, 2])
def test_fifty_thousand_expressions_and_near_misses_share_no_readable_id(seed: int) -> None:
    random = Random(seed)
    holders: dict[str, str] = {}
    readable = 0
    for _ in range(12_500):
        first = random_expression(random)
        for recurrence in filter(None, map(parsed, (first, near_miss(random, first)))):
            readable += check(recurrence)
            label = naming.timing_id(recurrence, None)
            if not label.startswith("custom-"):
                assert holders.setdefault(label, recurrence.cron) == recurrence.cron
    assert readable > 10_000


def test_no_zone_starts_like_a_part_of_a_label() -> None:
    words = {
        "to",
        "by",
        "in",
        "or",
        "and",
        "at",
        "noon",
        "midnight",
        "wall",
        "elapsed",
        *MONTHS,
        *DAYS,
        *WEEKS,
    }
    starts = {zone.lower().replace("/", "-").split("-")[0] for zone in available_timezones()}
    assert not [s for s in starts if s in words or s[0].isdigit()]
