"""Expressions of the old config.yaml against the scheduler that was behind it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger

from ncp.cron import calendar, expression
from ncp.errors import InputError
from ncp.taskfile import weekdays

ZONE = "Europe/Berlin"
START = datetime(2026, 6, 1, 12, 0, tzinfo=ZoneInfo(ZONE))  # far from changes of the clocks
EVERYDAY = [
    *("0 9 * * 2", "0 9 * * 0", "0 9 * * 6", "0 9-17 * * 1-5", "0 9 * * 0-4", "*/30 6 * * 5,6"),
    *("0 9 1-7 * 0", "0 9 13 * 4", "0 9 */2 * 1-5", "0 9 1 * *", "0 9 * * *", "0 9 * * */2"),
    *("0 9 * * 1/2", "0 9 * * 0-6", "0 9 * * 0-6/3", "0 9 * * mon", "0 9 * * MON-fri"),
    *("0 9 15 * mon-fri", "0 9 * * 1,sun", "0 9 last * *", "0 9 1,last * 0-3", "5/20 * * 6 6"),
    *("0 0 1-31 * 3", "0 0 * 1-12 3", "0 0 2 jan,FEB 1-6", "0 9 * * 00", "0 9 8-14/3 * 06"),
]


def theirs(text: str, count: int, zone: str = ZONE) -> list[datetime]:
    trigger = CronTrigger.from_crontab(text, zone)
    found: list[datetime] = []
    at = START
    while len(found) < count:
        due = trigger.get_next_fire_time(None, at + timedelta(seconds=1))
        if due is None:
            break
        found.append(due)
        at = due
    return found


def ours(text: str, count: int, zone: str = ZONE) -> list[datetime]:
    found, _ = weekdays.translated(text)
    slots = calendar.following(expression.parse(found), zone, START, count)
    return [slot.astimezone(ZoneInfo(zone)) for slot in slots]


@pytest.mark.parametrize("text", EVERYDAY)
def test_an_expression_of_the_old_form_is_due_when_its_scheduler_ran_it(text: str) -> None:
    assert ours(text, 25) == theirs(text, 25)


def _random(source: Random) -> str:
    def item(low: int, high: int) -> str:
        first = source.choice(["*", str(source.randint(low, high)), str(source.randint(low, high))])
        last = f"-{source.randint(low, high)}" if first != "*" and source.random() < 0.5 else ""
        step = f"/{source.randint(1, high - low)}" if source.random() < 0.3 else ""
        return f"{first}{last}{step}"

    def listed(low: int, high: int) -> str:
        return ",".join(item(low, high) for _ in range(source.choice((1, 1, 1, 2, 3))))

    day = source.choice(["*", listed(1, 28)])
    week = source.choice([listed(0, 6), "mon-fri", "sat,sun", f"{listed(0, 6)},wed"])
    return f"{source.randint(0, 59)} {source.randint(0, 23)} {day} * {week}"


def test_many_expressions_are_due_when_the_old_scheduler_ran_them() -> None:
    source, compared, refused = Random(15), 0, 0
    while compared < 400:
        text = _random(source)
        try:
            expected = theirs(text, 6, "UTC")
        except ValueError:  # it took no such expression
            refused += 1
            continue
        assert ours(text, 6, "UTC") == expected, text
        compared += 1
    assert refused > 50


@pytest.mark.parametrize("item", ["7", "1-7", "5-2", "*/7", "*/0", "0/9", "8", "1#2", "5L", "2-x"])
def test_a_weekday_that_the_old_scheduler_did_not_take_is_refused(item: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        CronTrigger.from_crontab(f"0 9 * * {item}")
    with pytest.raises(InputError) as caught:
        weekdays.translated(f"0 9 * * {item}")
    assert "--weekdays cron" in caught.value.next_step


NOTED = [
    ("0 9 * * 2", "0 9 * * 3", "Weekly on Wednesday at 9:00 AM"),
    ("0 9 1-7 * 0", "0 9 1-7 * &1", "falling on Monday"),
    ("0 9 15 * fri", "0 9 15 * &5", "falling on Friday"),
]


@pytest.mark.parametrize(("text", "canonical", "words"), NOTED)
def test_what_cron_would_read_otherwise_is_said(text: str, canonical: str, words: str) -> None:
    found, note = weekdays.translated(text)
    assert expression.parse(found).cron == canonical
    assert words in note
    assert canonical in note
    assert "--weekdays cron" in note


@pytest.mark.parametrize(
    "text", ["0 9 * * *", "0 9 * * mon-fri", "0 9 1 * *", "0 9 */2 * sun", "0 9 * * 0-6", "@daily"]
)
def test_what_is_the_same_for_cron_needs_no_word(text: str) -> None:
    assert weekdays.translated(text)[1] == ""


def test_names_and_extensions_without_numbers_are_taken_as_they_are() -> None:
    assert weekdays.translated("0 9 * * sun-thu") == ("0 9 * * sun-thu", "")
    assert weekdays.translated("0 9 L * *") == ("0 9 L * *", "")
    assert weekdays.translated("0 9 * *") == ("0 9 * *", "")
