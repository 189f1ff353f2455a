"""Phrases as people say them: parts of the day, spoken times, how many times a day, unions."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ncp.cron import expression, phrases
from ncp.cron.when import understand, zone_said
from ncp.errors import ExpressionError, PhraseError

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
"""A Friday; 9:00 in Berlin."""
DOCS = (Path(__file__).parents[2] / "docs" / "schedules.md").read_text()
ROWS = re.findall(r"^\| `(.+?)` \| `(.+)` \|$", DOCS, flags=re.MULTILINE)


def parse(text: str, now: datetime = NOW) -> phrases.Phrase:
    return phrases.parse(text, now=now, zone="Europe/Berlin")


@pytest.mark.parametrize(("text", "cron"), ROWS)
def test_each_example_of_the_documentation_means_what_it_says(text: str, cron: str) -> None:
    assert parse(text).recurrence == expression.parse(cron.replace("\\", ""))


SPOKEN = [
    # parts of the day
    ("every monday at 8 in the evening", "0 20 * * 1"),
    ("in the morning", "0 9 * * *"),
    ("every day in the afternoon", "0 14 * * *"),
    ("weekday mornings", "0 9 * * 1-5"),
    ("weekday mornings at 8", "0 8 * * 1-5"),
    ("monday evenings", "0 18 * * 1"),
    ("at night", "0 0 * * *"),
    ("every night at 2", "0 2 * * *"),
    ("every night at 10", "0 22 * * *"),
    ("friday night at 10", "0 22 * * 5"),
    ("friday night", "0 21 * * 5"),
    ("every evening at 6", "0 18 * * *"),
    ("daily at 8 in the morning and 8 in the evening", "0 8,20 * * *"),
    ("at 9 and 10 in the evening", "0 21,22 * * *"),
    ("daily at 2 in the morning", "0 2 * * *"),
    ("daily at 12 in the afternoon", "0 12 * * *"),
    # how many times
    ("twice a day", "0 9,21 * * *"),
    ("3 times a day", "0 1,9,17 * * *"),
    ("three times per day", "0 1,9,17 * * *"),
    ("4x a day", "0 3,9,15,21 * * *"),
    ("twice daily at 8am and 8pm", "0 8,20 * * *"),
    ("once a day at 7:30", "30 7 * * *"),
    ("once an hour", "0 * * * *"),
    ("once every 2 hours", "0 */2 * * *"),
    ("once a week on friday", "0 9 * * 5"),
    ("4 times an hour", "*/15 * * * *"),
    ("twice a week on mon and thu", "0 9 * * 1,4"),
    ("twice a month on the 1st and 15th", "0 9 1,15 * *"),
    # how often
    ("every quarter", "0 9 1 1,4,7,10 *"),
    ("every quarter hour", "*/15 * * * *"),
    ("once a quarter at noon", "0 12 1 1,4,7,10 *"),
    ("every 2 quarters", "0 9 1 1,7 *"),
    ("every second hour", "0 */2 * * *"),
    ("every 5th minute", "*/5 * * * *"),
    ("every third month", "0 9 1 1,4,7,10 *"),
    ("every 6 hours starting at 3am", "0 3,9,15,21 * * *"),
    ("every 6 hours starting at 3:30 on weekdays", "30 3,9,15,21 * * 1-5"),
    ("every 2 hours beginning at :15", "15 */2 * * *"),
    ("every 15 minutes starting at :05", "5,20,35,50 * * * *"),
    ("every 2 hours starting at 1am", "0 1-23/2 * * *"),
    ("every 30 min from 9am til 5pm", "*/30 9-16 * * *"),
    ("every 24 hours starting at 3am", "0 3 * * *"),
    ("@every 5m", "*/5 * * * *"),
    ("@every 1h", "0 * * * *"),
    ("every 120 seconds", "*/2 * * * *"),
    ("15 past every hour", "15 * * * *"),
    ("at quarter past every hour", "15 * * * *"),
    ("half past each hour on weekdays", "30 * * * 1-5"),
    ("at 20 minutes past the hour", "20 * * * *"),
    ("on the half hour", "30 * * * *"),
    # times of day
    ("daily at half past nine", "30 9 * * *"),
    ("daily at half past 9pm", "30 21 * * *"),
    ("every day at ten to eleven", "50 10 * * *"),
    ("daily at five to six in the evening", "55 17 * * *"),
    ("weekdays at twenty-five to nine", "35 8 * * 1-5"),
    ("every day at ten to noon", "50 11 * * *"),
    ("every 15 minutes from ten to eleven", "*/15 10 * * *"),
    ("daily at ten minutes to nine", "50 8 * * *"),
    ("daily at quarter to nine", "45 8 * * *"),
    ("daily at quarter to nine in the evening", "45 20 * * *"),
    ("daily at 10 minutes to 5pm", "50 16 * * *"),
    ("daily at twenty past nine", "20 9 * * *"),
    ("daily at quarter to one", "45 12 * * *"),
    ("daily at quarter to midnight", "45 23 * * *"),
    ("daily at 9 o'clock", "0 9 * * *"),
    ("daily at nine o’clock", "0 9 * * *"),  # noqa: RUF001  the apostrophe of word processors
    ("daily at 9 oclock pm", "0 21 * * *"),
    ("daily at 9 o'clock p.m.", "0 21 * * *"),
    ("daily at nine thirty", "30 9 * * *"),
    ("daily at nine twenty-five pm", "25 21 * * *"),
    ("daily at 0900", "0 9 * * *"),
    ("daily 0930", "30 9 * * *"),
    ("weekdays at 2130", "30 21 * * 1-5"),
    ("daily at 0900 hours", "0 9 * * *"),
    ("daily at 930am", "30 9 * * *"),
    ("daily at 21h30", "30 21 * * *"),
    ("daily at 21h", "0 21 * * *"),
    ("daily at 09:00:00", "0 9 * * *"),
    ("daily at 12 noon", "0 12 * * *"),
    ("daily at 24:00", "0 0 * * *"),
    ("every hour from 18:00 to 24:00", "0 0,18-23 * * *"),
    ("daily at ９am", "0 9 * * *"),  # noqa: RUF001  a full-width digit
    ("daily at ٩am", "0 9 * * *"),
    ("mon−fri at 9am", "0 9 * * 1-5"),  # noqa: RUF001  a minus sign
    ("every monday at 9.", "0 9 * * 1"),
    ("daily at 9 a.m. and 5 p.m.", "0 9,17 * * *"),
    # days
    ("workdays", "0 9 * * 1-5"),
    ("business days at 9am", "0 9 * * 1-5"),
    ("every working day at 9am", "0 9 * * 1-5"),
    ("mon/wed/fri at 9am", "0 9 * * 1,3,5"),
    ("on the twenty-first at 9am", "0 9 21 * *"),
    ("on the thirty first at 9am", "0 9 31 * *"),
    ("first day of the quarter", "0 9 1 1,4,7,10 *"),
    ("last friday of the quarter", "0 9 * 3,6,9,12 5L"),
    ("last day of the year at noon", "0 12 L 12 *"),
    ("at the end of the month", "0 9 L * *"),
    ("start of each month at noon", "0 12 1 * *"),
    # several parts
    ("mondays at 9 and fridays at 17", "0 9 * * 1 | 0 17 * * 5"),
    ("at 9 on mondays and at 17 on fridays", "0 9 * * 1 | 0 17 * * 5"),
    ("mondays at 9am; fridays at noon", "0 9 * * 1 | 0 12 * * 5"),
    ("mon at 9am, wed at noon and fri at 5pm", "0 9 * * 1 | 0 12 * * 3 | 0 17 * * 5"),
    ("weekdays at 9 and on the 1st at 17", "0 9 * * 1-5 | 0 17 1 * *"),
    ("monday mornings and friday evenings", "0 9 * * 1 | 0 18 * * 5"),
    ("every day at 7am and weekends at 11am", "0 7 * * * | 0 11 * * 0,6"),
    ("every 15 minutes on weekdays and every hour on weekends", "*/15 * * * 1-5 | 0 * * * 0,6"),
    ("on january 1 at 9am and on july 4 at 10am", "0 9 1 1 * | 0 10 4 7 *"),
]


@pytest.mark.parametrize(("text", "cron"), SPOKEN)
def test_what_people_say_means_this_expression(text: str, cron: str) -> None:
    assert parse(text).recurrence == expression.parse(cron)


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("every ninety minutes", "every 90 minutes from"),
        ("every twenty-five minutes", "every 25 minutes from"),
        ("every forty five minutes", "every 45 minutes from"),
        ("every 1h30m", "every 90 minutes from"),
        ("every 1h30", "every 90 minutes from"),
        ("@every 1h30m", "every 90 minutes from"),
        ("every 1 hour and 30 minutes", "every 90 minutes from"),
        ("every hour and a half", "every 90 minutes from"),
        ("every 1.5 hours", "every 90 minutes from"),
        ("every two and a half hours", "every 150 minutes from"),
        ("every second day", "every 2 days from"),
        ("every 3rd day", "every 3 days from"),
        ("every other weekend", "every 2 weeks from"),
        ("every other evening", "every 2 days from"),
        ("every second week on friday", "every 2 weeks from"),
        ("every 1 week and 2 days", "every 9 days from"),
        ("once every 3 days", "every 3 days from"),
    ],
)
def test_what_cron_has_no_steps_for_is_an_interval(text: str, interval: str) -> None:
    assert f", {interval}" in parse(text).recurrence.text


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("this friday at 5pm", "2026-11-20T16:00Z"),
        ("this monday at noon", "2026-11-23T11:00Z"),
        ("this coming sunday", "2026-11-22T08:00Z"),
        ("next friday at 5pm", "2026-11-27T16:00Z"),
        ("this evening", "2026-11-20T17:00Z"),
        ("tonight", "2026-11-20T20:00Z"),
        ("tonight at 11", "2026-11-20T22:00Z"),
        ("at 9 tonight", "2026-11-20T20:00Z"),
        ("tomorrow night", "2026-11-21T20:00Z"),
        ("the day after tomorrow at noon", "2026-11-22T11:00Z"),
        ("in 1 month", "2026-12-20T08:00Z"),
        ("in a year", "2027-11-20T08:00Z"),
        ("in 3 months at noon", "2027-02-20T11:00Z"),
        ("in 1.5 hours", "2026-11-20T09:30Z"),
        ("in an hour and a half", "2026-11-20T09:30Z"),
        ("10 minutes from now", "2026-11-20T08:10Z"),
        ("half past nine", "2026-11-20T08:30Z"),
        ("15.03.2027", "2027-03-15T08:00Z"),
        ("on 15.3.2027 at 18:00", "2027-03-15T17:00Z"),
        ("15/03/2027 at noon", "2027-03-15T11:00Z"),
        ("03/15/2027 at noon", "2027-03-15T11:00Z"),
        ("04/04/2027 at noon", "2027-04-04T10:00Z"),
        ("2027/03/15 at noon", "2027-03-15T11:00Z"),
        ("15-03-2027 at noon", "2027-03-15T11:00Z"),
        ("9am UTC", "2026-11-20T09:00Z"),
        ("tomorrow at 9am America/New_York", "2026-11-21T14:00Z"),
        ("once on monday at 9am", "2026-11-23T08:00Z"),
        ("once tomorrow at 9am", "2026-11-21T08:00Z"),
        ("once at 18:30", "2026-11-20T17:30Z"),
    ],
)
def test_what_people_say_names_this_instant(text: str, at: str) -> None:
    assert parse(text).recurrence.text == at


def test_a_month_from_the_31st_is_the_last_day_of_a_shorter_one() -> None:
    late = datetime(2027, 1, 31, 8, 0, tzinfo=UTC)
    assert parse("in 1 month", late).recurrence.text == "2027-02-28T08:00Z"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("twice a day", "No times given; using 9:00 AM, 9:00 PM."),
        ("tonight", "No time given; using 9:00 PM."),
        ("every 6 hours starting at 3am", "Comes at 3:00 AM, 9:00 AM, 3:00 PM, 9:00 PM."),
        ("every 6 hours starting at 3", 'Read "3" as 3:00 AM.'),
        ("daily at half past nine", 'Read "half past nine" as 9:30 AM.'),
        ("daily at 0900", 'Read "0900" as 9:00 AM.'),
        ("daily at 24:00", 'Read "24:00" as midnight.'),
        ("at 20 past the hour", "Comes every hour."),
        ("this friday at 5pm", "That is Friday, 2026-11-20."),
        ("daily at 9am UTC", "All its times are in UTC."),
        ("every hour from 9 to 17", 'Read "9" as 9:00 AM.'),
    ],
)
def test_a_note_says_what_was_assumed(text: str, note: str) -> None:
    assert note in parse(text).notes


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("03/04/2027", "may mean two dates"),
        ("every 15th day", 'may mean "every 15 days", or "on the 15th day of the month"'),
        ("every second weekend", 'may mean "every 2 weeks on weekend"'),
        ("every second business day", "may mean"),
        ("every hour starting at 9am", 'does not say when "every hour" ends'),
        ("every 15 minutes starting at 9am", 'does not say when "every 15 minutes" ends'),
        ("every 6 hours starting at 9am on mondays", "does not say when"),
        ("every 90 minutes starting at 9am", "is counted from now"),
        ("every hour from 9am to 5pm starting at 9am", "both say where to start"),
        ("daily starting at 9am", "goes with every so many hours"),
        ("every monday starting tomorrow", "is not a time of day to count from"),
        ("every 15 minutes starting at :75", "does not fit"),
        ("twice a day at 9am", "does not give 2 times of day"),
        ("twice a day in the morning", "does not say when"),
        ("twice a week", "does not say on which days"),
        ("twice a week on monday", "does not say on which days"),
        ("5 times a day", "does not divide the day"),
        ("7 times an hour", "does not divide the hour"),
        ("twice", "does not say how often"),
        ("twice a fortnight", "does not say on which days"),
        ("once", "does not say on which one day"),
        ("once on weekdays", "does not say on which one day"),
        ("friday at 24:00", "is the end of that day"),
        ("tomorrow at 24:00", "is the end of that day"),
        ("daily at 24:30", "past the end of the day"),
        ("daily at 100", "is not a time of day"),
        ("daily at 9:30 o'clock", "does not fit"),
        ("daily at 12:30 in the morning", "may mean midnight or noon"),
        ("daily at 9pm in the morning", "does not go together"),
        ("every evening at 9am", "does not go with"),
        ("mondays at 9am and fridays at 5", "without am or pm"),
        ("mondays at 9 and fridays at 17 in june", "again"),
        ("every monday at 9am and friday", "again"),
        ("every other monday at 9 and every friday at 17", "joined to an interval"),
        ("every 3 days at 9 and mondays at 17", "cannot be joined to an interval"),
        ("tomorrow at 9 and next monday at 17", "again"),
        ("weekdays at 9am EST", "may be several zones"),
        ("weekdays at 9am Europe/Atlantis", "is not a time zone"),
        ("mondays at 9am UTC and fridays at 9am Europe/Berlin", "are two zones"),
        ("15.3.27", "is not a date"),
        ("1/2", "is not a date"),
        ("32.01.2027", "is not a date"),
        ("quarterly on the last day", "may mean the last of two months"),
        ("quarterly on the last friday", "may mean the last of two months"),
        ("15th of the year", "has a first and a last day"),
        ("this week", "does not name a day"),
        ("every hundred minutes", "write numbers above ninety-nine in digits"),
        ("every day except holidays", "cannot be left out"),
        ("every 90 seconds", "too fast"),
        ("every 1.3 hours", "is not a whole number"),
        ("every 1h 20s", "too fast"),
        ("every 1.5 months", "is not a whole number"),
        ("every 1 month and 2 days", "does not fit"),
        ("every 2 fortnights and 1 day", "does not fit"),
        ("daily at 20 past 9:30", "does not fit"),
        ("december 2030", "does not fit"),
        ("every 2.5 hours and a half", "does not fit"),
        ("in 1.5 months", "is not a whole number"),
        ("end of", "does not fit here"),
        ("every monday and", "ends too early"),
        ("bimonthly", "may mean two things"),
        ("montags um neun", "is not a word"),
        ("tous les jours à 9h", "is not a word"),
        ("cada lunes a las 9", "is not a word"),
        ("每天早上九点", "is not a word"),
        ("каждый день в 9", "is not a word"),
    ],
)
def test_what_may_mean_two_things_or_nothing_is_refused(text: str, named: str) -> None:
    with pytest.raises(PhraseError) as caught:
        parse(text)
    assert named in caught.value.what
    assert caught.value.next_step


def test_the_two_readings_of_a_date_are_given() -> None:
    with pytest.raises(PhraseError) as caught:
        parse("03/04/2027")
    assert caught.value.next_step == 'Write "2027-04-03" or "2027-03-04".'


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("every thrid monday", "third monday of the month"),
        ("every thrid monday at 5pm", "third monday of the month at 5pm"),
        ("run every monday at 9am", "every monday at 9am"),
        ("please run it every monday at 9am!", "every monday at 9am"),
        ("evry mondya at 9am", "every monday at 9am"),
        ("every monday and wendsday at 9am", "every monday and wednesday at 9am"),
        ("evry ninetty minuts", "every ninety minutes"),
        ("tommorow at 9am", "tomorrow at 9am"),
        ("weekdys at 8", "weekdays at 8"),
        ("daily at 13pm", "daily at 1pm"),
        # nothing is near, or several are
        ("lun at 9am", None),
        ("munday at 9am", None),
        ("every monday and mittwoch at 9am", None),
        ("not on monday at 9am", None),
        ("every monday at 9am unless friday", None),
        ("daily at 9 and 5pm", None),
        ("friday the 13th", None),
        ("on the 15th except sunday", None),
        ("yearly on the 15th", None),
        ("in june and monthly", None),
    ],
)
def test_a_proposal_keeps_all_days_months_and_halves_of_the_day(
    text: str, proposed: str | None
) -> None:
    with pytest.raises(PhraseError) as caught:
        parse(text)
    step = caught.value.next_step
    assert re.findall('Write for example "(.+)"', step) == ([proposed] if proposed else [])


def test_where_nothing_is_near_the_grammar_stands_in_three_lines() -> None:
    with pytest.raises(PhraseError) as caught:
        parse("whenever you like")
    assert caught.value.what == '"whenever" is not a word ncp knows.'
    assert len(caught.value.next_step.splitlines()) == 3


@pytest.mark.parametrize(
    ("text", "cron"),
    [
        ("mon wed fri at 9am", "0 9 * * 1,3,5"),
        ("mon - fri at 9am", "0 9 * * 1-5"),
        ("jan 1 at 9 am", "0 9 1 1 *"),
        ("sat at 9 and 17", "0 9,17 * * 6"),
        ("sun and mon at 9", "0 9 * * 0,1"),
        ("jan 1 and 15 noon", "0 12 1,15 1 *"),
        ("mon tue wed thu fri", "0 9 * * 1-5"),
        ("dec 24 at 18 utc", "0 18 24 12 *"),
        ("@every 5m", "*/5 * * * *"),
        ("0 9 1 jan mon", "0 9 1 1 1"),
    ],
)
def test_names_of_days_in_five_words_are_words(text: str, cron: str) -> None:
    zone = zone_said(text, now=NOW) or "Europe/Berlin"
    found, _ = understand(text, now=NOW, zone=zone)
    assert found == expression.parse(cron)


@pytest.mark.parametrize(
    "text", ["0 9 * * 1-8", "1 2 3 4 mond", "@hourli", "@reboot", "61 9 1 1 1"]
)
def test_the_mistakes_of_an_expression_are_still_named_by_field(text: str) -> None:
    with pytest.raises(ExpressionError):
        understand(text, now=NOW, zone="UTC")


def test_five_words_that_are_neither_are_refused_as_words() -> None:
    with pytest.raises(PhraseError, match='"qm" is not a word'):
        understand("mon wed fri at 9qm", now=NOW, zone="UTC")


def test_a_zone_in_words_is_found_beforehand_and_another_one_refused() -> None:
    assert zone_said("daily at 9am europe/berlin", now=NOW) == "Europe/Berlin"
    assert zone_said("daily at 9am", now=NOW) is None
    assert zone_said("utc blah", now=NOW) is None
    found, _ = understand("daily at 9am UTC", now=NOW, zone="UTC")
    assert found.cron == "0 9 * * *"
    with pytest.raises(PhraseError, match="names the zone UTC"):
        understand("daily at 9am UTC", now=NOW, zone="Europe/Berlin")
