"""Ids, names and sentences of intervals and of several expressions."""

from __future__ import annotations

import pytest

from ncp import grouping
from ncp.cron import expression, intervals, naming, wording
from ncp.model import Recurrence, Schedule, Task

JUST = "2026-11-20T08:00Z"
SAID = [
    ("* * * * *", (90, "minute", JUST), "every-90min", "Every 90 minutes",
     "every 90 minutes, counted from Friday 20 November 2026 at 9:00 AM"),
    ("* * * * *", (5, "hour", JUST), "every-5hr", "Every 5 hours",
     "every 5 hours, counted from Friday 20 November 2026 at 9:00 AM"),
    ("* 9-16 * * 1-5", (7, "minute", JUST), "weekdays-every-7min-9am-to-5pm",
     "Weekdays every 7 minutes from 9:00 AM to 5:00 PM",
     ("every 7 minutes from 9:00 AM through 4:59 PM, on Monday through Friday, "
      "counted from Friday 20 November 2026 at 9:00 AM")),
    ("* */2 * * *", (7, "minute", JUST), "every-7min-every-2hr-at-0-to-59",
     "Every 7 minutes, every 2 hours at minutes 0 to 59",
     ("at minutes 0 through 59 past every 2nd hour from midnight through 10:00 PM, every day, "
      "every 7 minutes, counted from Friday 20 November 2026 at 9:00 AM")),
    ("0 9 * * 1", (2, "week", "2026-11-23"), "every-2wk-mon-9am",
     "Every 2 weeks on Monday at 9:00 AM",
     "at 9:00 AM, on Monday, every 2 weeks from the week of 23 November 2026"),
    ("0 9 * * 1,4", (2, "week", "2026-11-23"), "every-2wk-mon-thu-9am",
     "Every 2 weeks on Monday and Thursday at 9:00 AM",
     "at 9:00 AM, on Monday and Thursday, every 2 weeks from the week of 23 November 2026"),
    ("0 9 * * 1-5", (3, "week", "2026-11-23"), "every-3wk-weekdays-9am",
     "Every 3 weeks, weekdays at 9:00 AM",
     "at 9:00 AM, on Monday through Friday, every 3 weeks from the week of 23 November 2026"),
    ("0 12 * * *", (3, "day", "2026-11-20"), "every-3day-noon", "Every 3 days at noon",
     "at noon, every 3 days from 20 November 2026"),
    ("0 9 1 * *", (5, "month", "2026-12-01"), "every-5month-1st-9am",
     "Every 5 months on the 1st at 9:00 AM",
     "at 9:00 AM, on day 1 of the month, every 5 months from December 2026"),
    ("0 9 1 1 *", (24, "month", "2027-01-01"), "every-2yr-jan-1st-9am",
     "Every 2 years on January 1st at 9:00 AM",
     "at 9:00 AM, on day 1 of the month, in January, every 2 years from January 2027"),
    ("0 9 * * * | 30 17 * * *", None, "daily-9am-5-30pm", "Daily at 9:00 AM and 5:30 PM",
     "at 9:00 AM and 5:30 PM, every day"),
    ("0 9 * * * | 30 17 * * *", (3, "day", "2026-11-20"), "every-3day-9am-5-30pm",
     "Every 3 days at 9:00 AM and 5:30 PM",
     "at 9:00 AM and 5:30 PM, every 3 days from 20 November 2026"),
    ("0 9 * * 1-5 | 0 11 * * 0,6", None, "weekdays-9am-plus-weekends-11am",
     "Weekdays at 9:00 AM, and weekends at 11:00 AM",
     "at 9:00 AM, on Monday through Friday; and at 11:00 AM, on Sunday and Saturday"),
]  # fmt: skip


def made(cron: str, every: tuple[int, str, str] | None) -> Recurrence:
    plain = expression.parse(cron)
    return intervals.spaced(plain, *every) if every else plain


@pytest.mark.parametrize(("cron", "every", "label", "name", "said"), SAID)
def test_what_an_interval_is_called(
    cron: str, every: tuple[int, str, str] | None, label: str, name: str, said: str
) -> None:
    found = made(cron, every)
    assert naming.timing_id(found, None) == label
    assert wording.timing_name(found, None) == name
    sentence = wording.sentence(found, None, machine_zone="Europe/Berlin")
    assert sentence == f"Runs {said}, in the machine's own time (Europe/Berlin)."


def test_what_is_too_long_for_an_id_is_a_hash_that_the_phase_is_part_of() -> None:
    cron = "*/10 9-16 * * * | 0,10,20 17 * * *"
    ids = {
        naming.timing_id(made(cron, every), None)
        for every in (None, (2, "week", "2026-11-23"), (2, "week", "2026-11-30"))
    }
    assert len(ids) == 3
    assert all(label.startswith("custom-") for label in ids)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((2, "week", "2026-11-23"), (2, "week", "2026-11-29"), True),
        ((2, "week", "2026-11-23"), (2, "week", "2026-12-07"), True),
        ((2, "week", "2026-11-23"), (2, "week", "2026-11-30"), False),
        ((2, "week", "2026-11-23"), (3, "week", "2026-11-23"), False),
        ((2, "week", "2026-11-23"), None, False),
    ],
)
def test_intervals_of_the_same_slots_are_one_timing(
    one: tuple[int, str, str], other: tuple[int, str, str] | None, same: bool
) -> None:
    first, second = made("0 9 * * 1", one), made("0 9 * * 1", other)
    assert (naming.identity(first, None) == naming.identity(second, None)) is same
    schedule = Schedule()
    for number, recurrence in enumerate((first, second)):
        timing = grouping.timing_for(
            schedule, recurrence, None, created_at="2026-11-20T08:00:00Z", machine_zone="UTC"
        )
        schedule = grouping.with_task(schedule, Task(f"t{number}", "t", ""), timing)
    assert len(schedule.timings) == (1 if same else 2)
    assert len({timing.name for timing in schedule.timings.values()}) == len(schedule.timings)
