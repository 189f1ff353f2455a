"""Whatever is said: a recurrence or a PhraseError, and never half a phrase."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from cron.test_phrases import EXAMPLES
from ncp.cron import calendar, expression, phrases
from ncp.cron.phrases.words import VOCABULARY
from ncp.errors import PhraseError

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia")
OTHERS = [
    *("1", "2", "15", "31", "90", "2026", "2027", ",", "-", "&", ":15", ":75", "1st", "15th"),
    *("9am", "9:30 pm", "17:45", "25:00", "9.30pm", "13pm", "2026-12-24", "2026-12-24T08:00"),
    *("2027-03-28T02:30", "2026-12-24T08:00:30+05:30", "every monday", "at 9am", "of the month"),
    *("every 15 minutes", "between 9am and 5pm", "on weekdays", "in january", "except sunday"),
]
soups = st.lists(st.sampled_from([*VOCABULARY, *OTHERS]), min_size=1, max_size=7).map(" ".join)
starts = st.sampled_from(EXAMPLES)
mixtures = st.tuples(starts, soups).map(" ".join)


def understood(
    text: str, now: datetime = NOW, zone: str = "Europe/Berlin"
) -> phrases.Phrase | None:
    try:
        return phrases.parse(text, now=now, zone=zone)
    except PhraseError as error:
        for advice in re.findall(r'Write for example "(.*)"', error.next_step):
            phrases.parse(advice, now=now, zone=zone)
        return None


def check(found: phrases.Phrase | None, now: datetime = NOW) -> None:
    if found is None:
        return
    at = found.recurrence.at
    if at is None:
        plain = replace(found.recurrence, every=None)
        assert expression.parse(found.recurrence.cron) == plain
        assert next(calendar.slots(found.recurrence, "Europe/Berlin", now)) > now
    else:
        assert at.tzinfo is UTC
        assert at > now
        assert (at.second, at.microsecond) == (0, 0)


@given(st.one_of(soups, mixtures))
def test_a_soup_of_known_words_is_a_recurrence_or_a_refusal(text: str) -> None:
    check(understood(text))


@given(st.text(max_size=300))
def test_any_text_is_a_recurrence_or_a_refusal(text: str) -> None:
    check(understood(text))


@given(starts, st.sampled_from(["banana", "?", "and", "at", "every", "7 7", "x9"]))
def test_an_accepted_phrase_with_anything_more_is_refused(text: str, more: str) -> None:
    assert understood(text)
    assert understood(f"{text} {more}") is None


@given(starts, st.data())
def test_case_and_blanks_make_no_difference(text: str, data: st.DataObject) -> None:
    wild = "".join(data.draw(st.sampled_from([c.upper(), c.lower()])) for c in text)
    wild = wild.replace(" ", data.draw(st.sampled_from([" ", "  ", "\t", " \n "])))
    assert understood(wild) == understood(text)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(lambda t: t.replace(tzinfo=UTC)),  # noqa: DTZ001  hypothesis draws naive ones
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.integers(0, 59),
)
def test_a_time_alone_is_its_next_coming(now: datetime, zone: str, hour: int, minute: int) -> None:
    found = understood(f"at {hour:02}:{minute:02}", now, zone)
    check(found, now)
    assert found is not None
    assert found.recurrence.at is not None
    local = found.recurrence.at.astimezone(ZoneInfo(zone))
    assert (local.hour, local.minute) == (hour, minute) or "does not exist" in found.notes[0]
    assert found.recurrence.at - now <= timedelta(hours=49)


@given(st.integers(1, 10**6), st.integers(0, 59))
def test_a_delay_is_never_cut_short_and_less_than_a_minute_too_long(
    minutes: int, second: int
) -> None:
    now = NOW + timedelta(seconds=second)
    found = understood(f"in {minutes} minutes", now)
    assert found is not None
    assert found.recurrence.at is not None
    late = found.recurrence.at - (now + timedelta(minutes=minutes))
    assert timedelta(0) <= late < timedelta(minutes=1)


@given(st.integers(0, 23), st.integers(0, 23), st.sampled_from([1, 5, 15, 30]))
def test_a_window_holds_each_step_from_its_start_to_before_its_end(
    first: int, last: int, step: int
) -> None:
    found = understood(f"every {step} minutes from {first}:00 to {last}:00")
    if found is None:
        assert first == last or (12 >= first > last >= 1)
        return
    (rule,) = found.recurrence.rules
    due = {h * 60 + m for h in rule.hours or range(24) for m in rule.minutes or range(60)}
    length = (last - first) % 24 * 60
    assert due == {(first * 60 + offset) % 1440 for offset in range(0, length, step)}
