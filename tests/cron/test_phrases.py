"""Phrases that come again: the cron expression and the notes a person would expect."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ncp.cron import expression, phrases

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def parse(text: str) -> phrases.Phrase:
    return phrases.parse(text, now=NOW, zone="Europe/Berlin")


EXAMPLES = (
    "every minute",
    "every 5 minutes",
    "every half hour",
    "every 15 minutes between 9am and 5pm on weekdays",
    "every 90 minutes",
    "every 10 minutes between 9am and 5:30pm",
    "every hour",
    "every 5 hours",
    "hourly at :15",
    "every 2 hours",
    "every 2 hours at :30",
    "every hour from 9am to 5pm",
    "every hour between 10pm and 6am",
    "daily",
    "every day at 9am",
    "daily at 9am and 5:30pm",
    "every 3 days at noon",
    "daily at 17:45",
    "nightly",
    "every morning at 7:30",
    "weekly",
    "weekdays at 8:30",
    "every weekday at 9am",
    "weekends at noon",
    "every day except sunday at 9am",
    "weekdays except wednesday at 9am",
    "every weekday except in august at 9am",
    "every monday at 9am",
    "every other monday at 9am",
    "every 2 weeks on mon and thu at 9am",
    "monday, wednesday and friday at 9am",
    "mon-fri at 9:30 pm",
    "monthly",
    "on the 1st and 15th at 9am",
    "monthly on the 15th at noon",
    "on the last day of the month at 11pm",
    "first day of the month at midnight",
    "first monday of the month at 9am",
    "second and fourth tuesday at 9am",
    "last friday of the month at 5pm",
    "every 3 months",
    "in january and july on the 1st at 9am",
    "every january 1st at midnight",
    "yearly",
    "in 10 minutes",
    "in 2 hours",
    "in 3 days",
    "at 18:30",
    "tomorrow",
    "tomorrow at 9am",
    "next monday at 9am",
    "on 2040-12-24 at 08:00",
    "on december 24 2040 at 8am",
    "2040-12-24T08:00:00+01:00",
)


HOW_OFTEN = [
    ("every minute", "* * * * *"),
    ("each minute", "* * * * *"),
    ("every 1 minute", "* * * * *"),
    ("every 5 minutes", "*/5 * * * *"),
    ("Every 5 Minutes", "*/5 * * * *"),
    ("  every   5   minutes ", "*/5 * * * *"),
    ("every five minutes", "*/5 * * * *"),
    ("every 15 min", "*/15 * * * *"),
    ("every 15m", "*/15 * * * *"),
    ("every other minute", "*/2 * * * *"),
    ("every half hour", "*/30 * * * *"),
    ("every half-hour", "*/30 * * * *"),
    ("every half an hour", "*/30 * * * *"),
    ("every quarter hour", "*/15 * * * *"),
    ("every quarter of an hour", "*/15 * * * *"),
    ("every hour", "0 * * * *"),
    ("hourly", "0 * * * *"),
    ("every 60 minutes", "0 * * * *"),
    ("every 120 minutes", "0 */2 * * *"),
    ("every 2 hours", "0 */2 * * *"),
    ("every two hrs", "0 */2 * * *"),
    ("every 2h", "0 */2 * * *"),
    ("every other hour", "0 */2 * * *"),
    ("every 12 hours", "0 */12 * * *"),
    ("every 24 hours", "0 0 * * *"),
    ("every 1440 minutes", "0 0 * * *"),
    ("every 24 hours at 9am", "0 9 * * *"),
    ("hourly at :15", "15 * * * *"),
    ("hourly at :15 and :45", "15,45 * * * *"),
    ("every hour at minute 5", "5 * * * *"),
    ("every hour at 15 past", "15 * * * *"),
    ("every hour at 15 minutes past", "15 * * * *"),
    ("every hour at 15 minutes past the hour", "15 * * * *"),
    ("at 20 past every hour, hourly", "20 * * * *"),
    ("every hour on the hour", "0 * * * *"),
    ("every hour on the half hour", "30 * * * *"),
    ("every 2 hours at :30", "30 */2 * * *"),
    ("daily", "0 9 * * *"),
    ("every day", "0 9 * * *"),
    ("every day, at 17:45,", "45 17 * * *"),
    ("nightly", "0 0 * * *"),
    ("nightly at 2am", "0 2 * * *"),
    ("every night at 11pm", "0 23 * * *"),
    ("every morning", "0 9 * * *"),
    ("every morning at 7:30", "30 7 * * *"),
    ("every afternoon", "0 14 * * *"),
    ("every evening at 6pm", "0 18 * * *"),
    ("daily at 8 in the morning", "0 8 * * *"),
    ("every midnight", "0 0 * * *"),
    ("every noon on weekdays", "0 12 * * 1-5"),
    ("weekly", "0 9 * * 1"),
    ("every week", "0 9 * * 1"),
    ("weekly on friday", "0 9 * * 5"),
    ("weekly on monday and friday at noon", "0 12 * * 1,5"),
    ("monthly", "0 9 1 * *"),
    ("every month", "0 9 1 * *"),
    ("monthly on the 15th", "0 9 15 * *"),
    ("monthly on day 15 at noon", "0 12 15 * *"),
    ("monthly on the last day", "0 9 L * *"),
    ("monthly on the first monday", "0 9 * * 1#1"),
    ("every other month", "0 9 1 1,3,5,7,9,11 *"),
    ("every 3 months on the 15th", "0 9 15 1,4,7,10 *"),
    ("quarterly at noon", "0 12 1 1,4,7,10 *"),
    ("every 12 months", "0 9 1 1 *"),
    ("yearly", "0 9 1 1 *"),
    ("annually", "0 9 1 1 *"),
    ("every year", "0 9 1 1 *"),
    ("yearly in june", "0 9 1 6 *"),
    ("yearly on december 24 at 8am", "0 8 24 12 *"),
    ("yearly on the first monday of june", "0 9 * 6 1#1"),
]

DAYS_OF_THE_WEEK = [
    ("weekdays", "0 9 * * 1-5"),
    ("every weekday", "0 9 * * 1-5"),
    ("every weekday at 9", "0 9 * * 1-5"),
    ("weekdays at 8:30", "30 8 * * 1-5"),
    ("weekdays 9am", "0 9 * * 1-5"),
    ("9am on weekdays", "0 9 * * 1-5"),
    ("daily on weekdays", "0 9 * * 1-5"),
    ("weekends", "0 9 * * 0,6"),
    ("every weekend at noon", "0 12 * * 0,6"),
    ("every weekend day at 10am", "0 10 * * 0,6"),
    ("weekdays and saturday at 9am", "0 9 * * 1-6"),
    ("weekdays and weekends at 9am", "0 9 * * *"),
    ("monday", "0 9 * * 1"),
    ("monday at 9am", "0 9 * * 1"),
    ("on monday at 9am", "0 9 * * 1"),
    ("mondays at 9am", "0 9 * * 1"),
    ("every monday", "0 9 * * 1"),
    ("each mon at 9am", "0 9 * * 1"),
    ("tues at 9am", "0 9 * * 2"),
    ("thurs at 9am", "0 9 * * 4"),
    ("every sunday at 5 pm", "0 17 * * 0"),
    ("monday and thursday at 9am", "0 9 * * 1,4"),
    ("monday, wednesday and friday at 9am", "0 9 * * 1,3,5"),
    ("mon, wed, and fri at 9am", "0 9 * * 1,3,5"),
    ("mon wed fri at 9am", "0 9 * * 1,3,5"),
    ("mon & wed at 9am", "0 9 * * 1,3"),
    ("every monday and every thursday at 5pm", "0 17 * * 1,4"),
    ("on mondays and on thursdays at 5pm", "0 17 * * 1,4"),
    ("mon-fri", "0 9 * * 1-5"),
    ("mon–fri at 9am", "0 9 * * 1-5"),  # noqa: RUF001  the dash of word processors
    ("monday to friday at 8:30", "30 8 * * 1-5"),
    ("from monday to friday at 8:30", "30 8 * * 1-5"),
    ("monday through friday at noon", "0 12 * * 1-5"),
    ("fri-mon at 9am", "0 9 * * 0,1,5,6"),
    ("sat to sun at 9am", "0 9 * * 0,6"),
    ("mon-wed and sat at 9am", "0 9 * * 1-3,6"),
    ("every day except sunday", "0 9 * * 1-6"),
    ("every day except for sunday at 9am", "0 9 * * 1-6"),
    ("every day at 9am except sunday", "0 9 * * 1-6"),
    ("daily but sunday at 5 pm", "0 17 * * 1-6"),
    ("every day except weekends at 9am", "0 9 * * 1-5"),
    ("weekdays except wednesday", "0 9 * * 1,2,4,5"),
    ("weekdays except mondays and fridays at 9am", "0 9 * * 2-4"),
    ("every hour except weekends", "0 * * * 1-5"),
    ("except sunday", "0 9 * * 1-6"),
    ("friday evening at 8pm", "0 20 * * 5"),
    ("friday evening", "0 18 * * 5"),
    ("friday at midnight", "0 0 * * 5"),
]

TIMES = [
    ("daily at 9am", "0 9 * * *"),
    ("daily at 9 am", "0 9 * * *"),
    ("daily at 9 a.m.", "0 9 * * *"),
    ("daily at nine am", "0 9 * * *"),
    ("daily at nine", "0 9 * * *"),
    ("daily @ 9am", "0 9 * * *"),
    ("daily at 9:30 pm", "30 21 * * *"),
    ("daily at 9.30pm", "30 21 * * *"),
    ("daily at 9:30 p.m.", "30 21 * * *"),
    ("daily at 17:45", "45 17 * * *"),
    ("daily at 0:05", "5 0 * * *"),
    ("daily at 23:59", "59 23 * * *"),
    ("daily at noon", "0 12 * * *"),
    ("daily at midday", "0 12 * * *"),
    ("daily at midnight", "0 0 * * *"),
    ("daily at 12am", "0 0 * * *"),
    ("daily at 12pm", "0 12 * * *"),
    ("daily at 12:30am", "30 0 * * *"),
    ("daily at 9am and 5pm", "0 9,17 * * *"),
    ("daily at 9 and 17", "0 9,17 * * *"),
    ("daily at 9am, noon and 5pm", "0 9,12,17 * * *"),
    ("daily at 9:30am, 12:30pm and 5:30pm", "30 9,12,17 * * *"),
    ("daily at 9am, 9:30am, 5pm and 5:30pm", "0,30 9,17 * * *"),
    ("at 9am and 5pm", "0 9,17 * * *"),
    ("weekdays at noon and midnight", "0 0,12 * * 1-5"),
]

DAYS_OF_THE_MONTH = [
    ("on the 1st and 15th", "0 9 1,15 * *"),
    ("on the 1st and the 15th at 9am", "0 9 1,15 * *"),
    ("on the 1st and 15th of the month", "0 9 1,15 * *"),
    ("on the 1st and 15th of every month at noon", "0 12 1,15 * *"),
    ("1st, 10th and 20th at 9am", "0 9 1,10,20 * *"),
    ("every 1st at 8am", "0 8 1 * *"),
    ("every 1st day of the month at 8am", "0 8 1 * *"),
    ("on the 15 at 9am", "0 9 15 * *"),
    ("on day 15", "0 9 15 * *"),
    ("on days 1 and 15 at 9am", "0 9 1,15 * *"),
    ("15 of the month at 9am", "0 9 15 * *"),
    ("1st-5th at 9am", "0 9 1-5 * *"),
    ("from the 1st to the 5th at 9am", "0 9 1-5 * *"),
    ("25th to last day of the month at 9am", "0 9 25-31 * *"),
    ("on the last day of the month", "0 9 L * *"),
    ("last day of the month at 11pm", "0 23 L * *"),
    ("1st and last day of the month at 9am", "0 9 1,L * *"),
    ("first day of the month", "0 9 1 * *"),
    ("third day of each month at 9am", "0 9 3 * *"),
    ("in january", "0 9 * 1 *"),
    ("in jan and jul at 9am", "0 9 * 1,7 *"),
    ("june to august at noon", "0 12 * 6-8 *"),
    ("from november to february at noon", "0 12 * 1,2,11,12 *"),
    ("january to december at noon", "0 12 * * *"),
    ("weekdays in sept at 9am", "0 9 * 9 1-5"),
    ("every january", "0 9 1 1 *"),
    ("every january 1st at midnight", "0 0 1 1 *"),
    ("every 24 december at 8am", "0 8 24 12 *"),
    ("every 15th of january at 8am", "0 8 15 1 *"),
    ("every january on the 15th", "0 9 15 1 *"),
    ("on december 24 at 8am", "0 8 24 12 *"),
    ("24 december at 8am", "0 8 24 12 *"),
    ("the 24th of december at 8am", "0 8 24 12 *"),
    ("december the 24th at 8am", "0 8 24 12 *"),
    ("january 1 and 15 at 8am", "0 8 1,15 1 *"),
    ("on the 1st of january and july at noon", "0 12 1 1,7 *"),
    ("february 29", "0 9 29 2 *"),
    ("first monday of the month", "0 9 * * 1#1"),
    ("on the first monday of the month at 9am", "0 9 * * 1#1"),
    ("1st mon of the month at 9am", "0 9 * * 1#1"),
    ("second tuesday", "0 9 * * 2#2"),
    ("every first monday", "0 9 * * 1#1"),
    ("every second monday of the month", "0 9 * * 1#2"),
    ("first and third monday of the month at 9am", "0 9 * * 1#1,1#3"),
    ("first monday and third friday at 9am", "0 9 * * 1#1,5#3"),
    ("first monday and friday of the month", "0 9 * * 1#1,5#1"),
    ("last friday of the month at 5pm", "0 17 * * 5L"),
    ("every last friday at 5pm", "0 17 * * 5L"),
    ("last friday of june at 5pm", "0 17 * 6 5L"),
    ("fifth friday at 9am", "0 9 * * 5#5"),
]

WINDOWS = [
    ("every 15 minutes between 9am and 5pm", "*/15 9-16 * * *"),
    ("every 15 minutes between 9am and 5pm on weekdays", "*/15 9-16 * * 1-5"),
    ("every 15 minutes from 9 to 17 mon-fri", "*/15 9-16 * * 1-5"),
    ("every minute between 9am and midnight", "* 9-23 * * *"),
    ("every minute from midnight to 6am", "* 0-5 * * *"),
    ("every 15 minutes from 10pm to midnight on fridays", "*/15 22,23 * * 5"),
    ("every 30 minutes between 10pm and 6am", "*/30 0-5,22,23 * * *"),
    ("every 30 minutes between 9:15 and 17:15", "15,45 9-16 * * *"),
    ("every 15 minutes between 9:00 and 9:30", "0,15 9 * * *"),
    ("every hour from 9am to 5pm", "0 9-17 * * *"),
    ("every hour 9am-5pm", "0 9-17 * * *"),
    ("every hour between 9am and 5pm", "0 9-17 * * *"),
    ("every hour between 9am and 5pm at :30", "30 9-16 * * *"),
    ("every hour from 9:30 to 17:30", "30 9-17 * * *"),
    ("every hour from 9:30 until 17:00", "30 9-16 * * *"),
    ("every 2 hours between 9am and 5pm", "0 9,11,13,15,17 * * *"),
    ("every hour between 22:00 and 6:00", "0 0-6,22,23 * * *"),
    ("every hour between 22 and 6", "0 0-6,22,23 * * *"),
    ("every hour between 10pm and 6am", "0 0-6,22,23 * * *"),
    ("every hour on weekdays from 9am till 5pm in june", "0 9-17 * 6 1-5"),
    ("every 15 minutes in january", "*/15 * * 1 *"),
    ("every minute on the 1st", "* * 1 * *"),
    ("every 5 minutes on weekends", "*/5 * * * 0,6"),
]
TABLE = [
    row
    for table in (HOW_OFTEN, DAYS_OF_THE_WEEK, TIMES, DAYS_OF_THE_MONTH, WINDOWS)
    for row in table
]


@pytest.mark.parametrize(("text", "cron"), TABLE)
def test_a_phrase_means_this_expression(text: str, cron: str) -> None:
    assert parse(text).recurrence == expression.parse(cron)


NINE = "No time given; using 9:00 AM."
DAY_START = "Midnight is the start of the day."


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("every 5 minutes", ()),
        ("every day at 9am", ()),
        ("every monday at 9am", ()),
        ("mondays at 9am", ()),
        ("monday and friday at 9am", ()),
        ("every january 1st at 9am", ()),
        ("daily", (NINE,)),
        ("nightly", ("No time given; using midnight.",)),
        ("every 24 hours", ("No time given; using midnight.",)),
        ("every evening", ("No time given; using 6:00 PM.",)),
        ("weekly", ("No day given; using Monday.", NINE)),
        ("monthly", ("No day given; using the 1st.", NINE)),
        ("yearly", ("No month given; using January.", "No day given; using the 1st.", NINE)),
        ("every january", ("No day given; using the 1st.", NINE)),
        ("monday", ('Comes every Monday; write "next monday" for once.', NINE)),
        ("on monday at 9am", ('Comes every Monday; write "next monday" for once.',)),
        ("thursday in december at 9am", ()),
        ("in january at 9am", ("No day given; using every day of these months.",)),
        ("at 9am and 5pm", ("No day given; using every day.",)),
        ("december 24 at 8am", ("Comes every year; add the year for once.",)),
        ("every weekday at 9", ('Read "9" as 9:00 AM.',)),
        ("every weekday at 17", ()),
        ("friday at midnight", ('Comes every Friday; write "next friday" for once.', DAY_START)),
        ("daily at midnight", ()),
        ("on the 31st at 9am", ("Months without a 31st are skipped.",)),
        ("on the 29th at 9am", ("Months without a 29th are skipped.",)),
        ("on the 28th at 9am", ()),
        ("january 31 at 9am", ("Comes every year; add the year for once.",)),
        ("yearly on february 29 at 9am", ("Comes in leap years only.",)),
        ("fifth friday at 9am", ("Months without a fifth one are skipped.",)),
        ("every 15 minutes between 9am and 5pm", ("Last run of the day at 4:45 PM.",)),
        ("every hour from 9am to noon", ("Last run of the day at noon.",)),
        ("every hour from 10pm to 6am", ("Last run of the night at 6:00 AM.",)),
    ],
)
def test_what_was_assumed_is_said(text: str, notes: tuple[str, ...]) -> None:
    assert parse(text).notes == notes


@pytest.mark.parametrize("text", EXAMPLES)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/St_Johns"])
def test_every_example_is_a_phrase_in_any_zone(text: str, zone: str) -> None:
    found = phrases.parse(text, now=NOW, zone=zone)
    assert found.recurrence.rules or found.recurrence.at


@pytest.mark.parametrize("minutes", [n for n in range(1, 60) if 60 % n == 0])
def test_minutes_that_divide_the_hour_keep_an_even_gap(minutes: int) -> None:
    (rule,) = parse(f"every {minutes} minutes").recurrence.rules
    assert (rule.minutes or tuple(range(60))) == tuple(range(0, 60, minutes))


def test_steps_follow_elapsed_time_and_times_of_day_the_wall_clock() -> None:
    assert parse("every 30 minutes").recurrence.rules[0].follows == "elapsed"
    assert parse("daily at 9am").recurrence.rules[0].follows == "wall"
