"""Phrases that are refused: what is named, and that the advice can be followed."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest

from ncp.cron import phrases
from ncp.errors import PhraseError

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def refusal(text: str) -> PhraseError:
    with pytest.raises(PhraseError) as caught:
        phrases.parse(text, now=NOW, zone="Europe/Berlin")
    return caught.value


def proposal(error: PhraseError) -> str | None:
    """What is proposed; None where the error gives the grammar, or says what to do."""
    found = re.fullmatch(r'Write for example "([^"]+)"\.', error.next_step)
    return found[1] if found else None


REFUSED = [
    ("whenever", '"whenever" is not a word', None),
    ("every blue moon", '"blue" is not a word', None),
    ("every monday banana", '"banana" is not a word', None),
    ("banana every monday", '"banana" is not a word', None),
    ("evry monday at 9am", '"evry" is not a word', "every monday at 9am"),
    ("every mondya at 9am", '"mondya" is not a word', "every monday at 9am"),
    ("every monday at 9am!", '"!" does not fit', "every monday at 9am"),
    ("every jour", '"jour" is not a word', None),
    ("every monday at 9am until friday", '"friday" does not fit', None),
    ("0 9 * * *", '"0" does not fit', None),
    ("5 minutes", '"5" does not fit', "every 5 minutes"),
    ("every", 'ends too early, after "every"', None),
    ("every monday at", 'ends too early, after "at"', None),
    ("every monday and", 'ends too early, after "and"', None),
    ("every hour from 9am to", 'ends too early, after "to"', None),
    ("every hour between 9am", '"9am" does not fit', None),
    ("at at 9am", '"at" does not fit', "at 9am"),
    ("every minute every hour", '"every hour" says how often again', None),
    ("every monday at 9am 5pm", '"5pm" says at what time again', "every monday at 9am and 5pm"),
    ("every monday at 9am on friday", '"friday" says which days of the week again', None),
    ("every monday on friday", '"friday" says which days', "every monday and friday"),
    ("tomorrow next monday", '"next monday" says on which date again', None),
    ("every 0 minutes", '"every 0 minutes" is no interval', "every minute"),
    ("every other thing", '"thing" is not a word', None),
    ("every 30 seconds", '"every 30 seconds" is too fast', "every minute"),
    ("every second", '"every second" is too fast', "every minute"),
    ("every 100000 hours", '"every 100000 hours" is too long an interval', None),
    ("every 261 fortnights", '"every 261 fortnights" is too long', None),
    ("every 11 years on weekdays", '"every 11 years" is too long', None),
    ("every 5 hours at :30", '"every 5 hours" is counted from now, not from ":30"', None),
    ("every 2 days on monday", '"every 2 days" and "monday" do not go', None),
    ("every other day on weekdays", "each week starts them again", "on weekdays"),
    ("every 3 days on the 15th", "each month starts them again", None),
    ("every other weekday", '"weekday" does not fit here', None),
    (
        "every second monday",
        'may mean "every 2 weeks on monday", or "second monday of the month"',
        "second monday of the month",
    ),
    ("every 9am", '"9am" is not a whole number', "every day at 9am"),
    ("every hours", '"hours" has no number', "every hour"),
    ("daily at 25:00", '"25:00" is past the end of the day', None),
    ("daily at 25", '"25" is past the end of the day', None),
    ("daily at 13pm", '"13pm" goes beyond 12', "daily at 1pm"),
    ("daily at 0am", '"0am" goes beyond 12', "daily at 12am"),
    ("daily at 9:75am", '"9:75am" has more than 59 minutes', "daily at 9am"),
    ("daily at 9:5", '"9:5" is not a time of day', None),
    ("daily at 9:30:15", '"9:30:15" is not a time of day', None),
    ("daily at 9 and 5pm", '"9 and 5pm" has a time without am or pm', None),
    ("daily at 9:30 and 5:30pm", '"9:30 and 5:30pm" has', None),
    ("friday night at 1am", '"night" does not go with 1:00 AM', None),
    ("every hour at 9am", '"9am" is a time of day', None),  # not "daily": that is another rate
    ("hourly at night", '"night" is a time of day', None),
    (
        "every morning and evening",
        "says which part of the day again",
        "every morning and every evening",
    ),
    ("daily at nine to five", '"nine to five" ends before it begins', None),
    ("every hour in the morning", '"the morning" is a time of day', None),
    ("every minute at :15", '":15" both say which minutes', "every hour at :15"),
    ("hourly at :75", '":75" is not a minute of the hour', "hourly at :00"),
    ("daily at :15", '":15" does not say how often', "every hour at :15"),
    (
        "weekdays between 9am and 5pm",
        '"9am and 5pm" does not say how often',
        "every hour between 9am and 5pm weekdays",
    ),
    ("every hour from 9 to 5", '"9 to 5" ends before it begins', None),
    ("every hour from 9am to 9am", '"9am to 9am" ends when it begins', None),
    ("every hour between 2 and 5pm", '"2 and 5pm" has a time without', None),
    ("hourly from 9:10 to 9:20 at :30", '"9:10 to 9:20" holds no such minute', None),
    ("every hour between 10pm and 6am on weekdays", '"10pm and 6am" crosses midnight', None),
    ("every hour from monday", '"monday" has a beginning but no end', None),
    ("mon-mon at 9am", '"mon-mon" is a range that ends where it begins', "mon at 9am"),
    ("5th-1st at 9am", '"5th-1st" is a range that ends before', None),
    ("on the 32nd", '"32nd" is not a day of any month', None),
    ("on day 0", '"0" is not a day of any month', None),
    ("february 30", "February has no 30th", None),
    ("june and september 31", "June or September has no 31st", None),
    ("february 28 and 30", "February has no 30th", None),
    ("sixth monday", '"sixth" is a week that no month has', "first monday"),
    ("first weekday of the month", '"first weekday" has no cron form', None),
    ("last", '"last" does not say the last of what', "last day of the month"),
    ("friday the 13th", '"the 13th" and "friday" do not go together', None),
    ("on the 15th except sunday", '"the 15th" and "sunday" do not go', None),
    ("monthly except sunday", '"monthly" and "sunday" do not go together', None),
    ("daily on monday", '"daily" and "monday" do not go together', "on monday"),
    ("daily on the 15th", '"daily" and "the 15th" do not go', "on the 15th"),
    ("weekly on the first monday", "every week is more often", "the first monday of the month"),
    ("monthly on monday", '"monthly" and "monday" do not go', None),
    ("monthly in june", "both say which months", None),
    ("yearly on the 15th", "the month is missing", None),
    ("yearly on the last day", "the month is missing", None),
    ("yearly on monday", "which of them", None),
    ("every day except banana", '"banana" cannot be left out', None),
    ("every day except", "cannot be left out", None),
    ("weekends except weekends", '"weekends" cannot be said or leaves no day', None),
    ("in january except in january", '"in january" leaves no month', None),
    ("first monday except friday", '"friday" cannot be said', None),
    ("in", "is not a number of minutes", None),
    ("in 5", '"5" is not a number of minutes', "in 5 minutes"),
    ("in minutes", '"minutes" does not fit', None),
    ("in -5 minutes", '"-5" is in the past', "in 5 minutes"),
    ("in 0 minutes", '"0 minutes" is no time at all', "in 1 minute"),
    (f"in {'9' * 30} days", "is too far away", None),
    (f"in {'9' * 30} hours", "is too far away", None),
    ("9999-12-31T23:59:30Z", "is too far away", None),
    ("0001-01-01T00:00+14:00", "is too far away", None),
    ("in 2 hours at 9am", '"9am" is too much', None),
    ("2026-12-24T08:00Z at 9am", '"9am" is too much', None),
    ("tomorrow at 9am and 5pm", '"9am and 5pm" is more than one time', None),
    ("tomorrow on weekdays", '"weekdays" is something that comes again', None),
    ("every december 24 2026", "is something that comes again", None),
    ("today", '"today" does not say when', None),
    ("today at 8am", "it was 2026-11-20 08:00, and it is now 2026-11-20 09:00", None),
    ("today at 9am", '"today 9am" has passed', None),
    ("2020-01-01", '"2020-01-01" has passed', None),
    ("next week", '"next week" does not name a day', None),
    ("next", '"next" does not name a day', None),
    ("2026-02-30", '"2026-02-30" is not a date', None),
    ("2026-12-24T24:00Z", '"2026-12-24t24:00z" is not a date', None),
    ("february 30 2027", '"february 30 2027" is not in the calendar', None),
    ("december 24 26", '"26" is not a year of four digits', "december 24 2026"),
    ("26-12-24", '"26-12-24" is not a date', None),
    ("", "There are no words", None),
    (" \t\n", "There are no words", None),
    ("daily at 9am\x00", '"�" does not fit', "daily at 9am"),
    ("\x1b[31mdaily", '"�" does not fit', None),
    ("jeden tag um neun uhr früh", '"jeden" is not a word', None),
]


@pytest.mark.parametrize(("text", "named", "instead"), REFUSED)
def test_a_refusal_names_the_words_and_its_advice_is_a_phrase(
    text: str, named: str, instead: str | None
) -> None:
    error = refusal(text)
    assert named in error.what
    assert error.where
    assert proposal(error) == instead
    assert error.next_step
    for advice in re.findall('"([^"]+)"', error.next_step):
        phrases.parse(advice, now=NOW, zone="Europe/Berlin")


@pytest.mark.parametrize(
    "garbage", ["banana " * 1500, "every " * 2000, "9" * 10_000, "(" * 10_000, "at 9am, " * 1300]
)
def test_long_garbage_is_answered_at_once_and_shown_in_part(garbage: str) -> None:
    before = time.process_time()
    error = refusal(garbage)
    assert time.process_time() - before < 1
    assert len(str(error)) < 500
    assert "200 are the most" in error.what


def test_the_longest_text_that_is_read_is_still_answered_quickly() -> None:
    before = time.process_time()
    refusal("every second monday and " * 8)
    assert time.process_time() - before < 1


def test_a_short_text_is_shown_in_full_and_a_long_one_is_cut() -> None:
    assert refusal("whenever you like").where == '"whenever you like"'
    assert refusal("whenever " * 10).where == f'"{("whenever " * 10)[:60]}…"'


def test_the_empty_text_is_called_the_schedule() -> None:
    assert refusal("").where == "schedule"


def _seconds(text: str) -> float:
    before = time.process_time()
    with pytest.raises(PhraseError):
        phrases.parse(text, now=NOW, zone="UTC")
    return time.process_time() - before


@pytest.mark.parametrize("piece", ["every ", "9", " x", "ﷺ", "1h", "mon-"])
def test_the_time_of_a_refusal_grows_no_faster_than_the_text(piece: str) -> None:
    once, fourfold = (min(_seconds(piece * many) for _ in range(5)) for many in (100_000, 400_000))
    assert fourfold < 16 * once + 0.05


@pytest.mark.parametrize("word", ["abcde", "mnodya", "wendsday", "9am europe/berlin", "at 9", "1h"])
def test_misspelt_words_up_to_the_limit_are_compared_quickly(word: str) -> None:
    assert min(_seconds(f"{word} " * (199 // (len(word) + 1))) for _ in range(5)) < 0.5
