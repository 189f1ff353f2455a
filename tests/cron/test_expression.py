from __future__ import annotations

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncp.cron import expression
from ncp.cron.expression import day_matches, looks_like_cron, parse
from ncp.errors import ExpressionError
from ncp.model import LAST_DAY, Rule
from targets.expressions import random_crons

CANONICAL = {
    "0 9 * * MON-FRI": "0 9 * * 1-5",
    "00 9 * * 1,2,3,4,5": "0 9 * * 1-5",
    "  0\t9 * * 1-5 ": "0 9 * * 1-5",
    "0 9 * * 7": "0 9 * * 0",
    "0 9 * * 0-6": "0 9 * * *",
    "0 9 1-31 * *": "0 9 * * *",
    "0 9 1-31 * 1": "0 9 * * *",
    "0 9 15 * 0-7": "0 9 * * *",
    "0 9 * 1-12 *": "0 9 * * *",
    "0-59 0-23 * * *": "0-59 0-23 * * *",
    "0-59 * * * *": "* * * * *",
    "*/1 * * * *": "* * * * *",
    "0,30 2 * * *": "0,30 2 * * *",
    "*/30 2 * * *": "*/30 2 * * *",
    "0 */2 * * *": "0 */2 * * *",
    "0 0-22/2 * * *": "0 0-22/2 * * *",
    "5/15 * * * *": "5-50/15 * * * *",
    "*,7 9 * * *": "* 9 * * *",
    "*/30,7 9 * * *": "*/30,7 9 * * *",
    "5,*/30 9 * * *": "0,5,30 9 * * *",
    "0 */20,7 * * *": "0 */20,7 * * *",
    "0 0 1 * 1": "0 0 1 * 1",
    "0 0 */2 * 1": "0 0 */2 * 1",
    "0 0 */2,4 * 1": "0 0 */2,4 * 1",
    "0 0 1 * */2": "0 0 1 * */2",
    "0 0 13 * */6,3": "0 0 13 * */3",
    "0 0 13 * */5,3": "0 0 13 * */5,3",
    "0 0 */2 * *": "0 0 */2 * *",
    "0 0 1-31/2 * *": "0 0 */2 * *",
    "0 0 L * *": "0 0 L * *",
    "0 0 15,l 2 5L": "0 0 15,L 2 5L",
    "0 0 * * 1#1,fril": "0 0 * * 1#1,5L",
    "0 0 30 2,4 *": "0 0 30 2,4 *",
    "0 0 30 2 1": "0 0 * 2 1",
    "0 0 29 2 *": "0 0 29 2 *",
}

REFUSED = {
    "": ("This has 0 fields", "0 9 * * 1-5"),
    "* * * *": ("This has 4 fields", "0 9 * * 1-5"),
    "* * * * * *": ("This has 6 fields", "0 9 * * 1-5"),
    "0 9\N{NO-BREAK SPACE}* * *": (r"character '\xa0' does not belong", "printable ASCII"),
    "0 9 * * 1\n": (r"character '\n' does not belong", "printable ASCII"),
    "\N{FULLWIDTH DIGIT ONE} * * * *": (r"character '\uff11'", "printable ASCII"),
    "0 9 * * \x7f": (r"character '\x7f'", "printable ASCII"),
    "@reboot": ("@reboot is an event", "systemd service or a launchd agent"),
    "@Reboot": ("@reboot is an event", "@daily"),
    "@fortnightly": ("@fortnightly is not a macro", "@yearly, @annually"),
    "@daily 5": ("@daily 5 is not a macro", "@hourly"),
    "0 0 30 2 *": ("This date never comes", "0 0 L 2 *"),
    "0 0 31 2,4,6,9,11 *": ("This date never comes", "0 0 28 2 *"),
    "0 0 */30,30 2 7#6": ("names a week that no month has", "1#2"),
}


@pytest.mark.parametrize(("text", "canonical"), CANONICAL.items())
def test_every_spelling_of_a_recurrence_has_one_canonical_text(text: str, canonical: str) -> None:
    found = parse(text)
    assert found.cron == canonical
    assert parse(canonical) == found


@pytest.mark.parametrize(("macro", "cron"), expression.MACROS.items())
def test_macros_stand_for_expressions(macro: str, cron: str) -> None:
    assert parse(macro) == parse(macro.upper()) == parse(f" {macro}\t") == parse(cron)


@pytest.mark.parametrize(("text", "said"), REFUSED.items())
def test_a_refusal_shows_the_expression_and_what_to_write(text: str, said: tuple[str, str]) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert said[0] in caught.value.what
    assert said[1] in caught.value.next_step
    assert caught.value.where.startswith('"')
    assert caught.value.where.isprintable()


@pytest.mark.parametrize("text", ["9" * 5000 + " * * * *", "*/" + "9" * 5000, "1 " * 50_000])
def test_an_endless_text_is_refused_and_not_shown_whole(text: str) -> None:
    with pytest.raises(ExpressionError, match="characters; 1000 are the most") as caught:
        parse(text)
    assert len(caught.value.where) < 100


def test_the_longest_lists_are_read() -> None:
    minutes = ",".join(str(minute) for minute in range(60))
    weekdays = ",".join(f"{day}#{week}" for day in range(7) for week in range(1, 6))
    assert parse(f"{minutes} 0 * * {weekdays}").rules[0].minutes is None


def test_a_refusal_names_the_field_after_the_expression() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("0 25 * * *")
    assert caught.value.where == '"0 25 * * *", hour field'


@pytest.mark.parametrize(
    ("cron", "follows"),
    [
        ("0 9 * * *", "wall"),
        ("0-59 0-23 * * *", "wall"),
        ("* 9 * * *", "elapsed"),
        ("0 * * * *", "elapsed"),
        ("*/30 2 * * *", "elapsed"),
        ("0,30 2 * * *", "wall"),
        ("1,* 2 * * *", "wall"),
    ],
)
def test_a_leading_star_in_minute_or_hour_follows_elapsed_time(cron: str, follows: str) -> None:
    assert {rule.follows for rule in parse(cron).rules} == {follows}


@pytest.mark.parametrize(
    ("cron", "days"),
    [
        ("0 0 13 * 5", [((13,), None), (None, (5,))]),
        ("0 0 */2 * 1", [(tuple(range(1, 32, 2)), (1,))]),
        ("0 0 1,* * 1", [(None, None)]),
        ("0 0 *,1 * 1", [(None, (1,))]),
        ("0 0 1 * *", [((1,), None)]),
        ("0 0 30 2 1", [(None, (1,))]),
        ("0 0 13 * */7", [((13,), (0,))]),
    ],
)
def test_restricted_day_fields_are_either_starred_ones_are_both(
    cron: str, days: list[tuple[tuple[int, ...] | None, tuple[int, ...] | None]]
) -> None:
    assert [(rule.days, rule.weekdays) for rule in parse(cron).rules] == days


@pytest.mark.parametrize(
    ("days", "weekdays", "day", "weekday", "length", "matches"),
    [
        (None, None, 1, 0, 31, True),
        ((13,), None, 13, 2, 31, True),
        ((13,), None, 14, 2, 31, False),
        ((LAST_DAY,), None, 28, 2, 28, True),
        ((LAST_DAY,), None, 28, 2, 29, False),
        ((13,), (5,), 13, 5, 31, True),
        ((13,), (5,), 13, 4, 31, False),
        (None, (1 + 7 * 1,), 7, 1, 31, True),
        (None, (1 + 7 * 1,), 8, 1, 31, False),
        (None, (1 + 7 * 5,), 29, 1, 29, True),
        (None, (5 + 7 * 6,), 25, 5, 31, True),
        (None, (5 + 7 * 6,), 24, 5, 31, False),
        (None, (5 + 7 * 6,), 22, 5, 28, True),
    ],
)
def test_a_day_is_matched_by_number_weekday_week_and_last(  # noqa: PLR0917  the row of the table
    days: tuple[int, ...] | None,
    weekdays: tuple[int, ...] | None,
    day: int,
    weekday: int,
    length: int,
    matches: bool,
) -> None:
    assert day_matches(days, weekdays, day=day, weekday=weekday, length=length) is matches


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0 9 * * *", True),
        ("*/5", True),
        ("@daily", True),
        ("@nonsense", True),
        ("60 * * * *", True),
        ("1 2 3 4", True),
        ("1 2 3 4 5 6", True),
        ("0 9 1 1 mond", True),
        ("1 2", False),
        ("mon tue wed thu", False),
        ("on 24 december at noon", False),
        ("", False),
        ("   ", False),
        ("every day", False),
        ("at 9am", False),
        ("9am daily", False),
        ("2026-12-24", False),
        ("2026-12-24T08:00Z", False),
        ("24-12-2026 9:00", False),
    ],
)
def test_cron_is_told_from_words_and_dates(text: str, meant: bool) -> None:
    assert looks_like_cron(text) is meant


def test_no_canonical_text_stands_for_two_recurrences() -> None:
    texts: dict[str, tuple[Rule, ...]] = {}
    for cron in random_crons(Random(11), 4_000):
        found = parse(cron)
        assert texts.setdefault(found.cron, found.rules) == found.rules, cron
        assert parse(found.cron) == found, cron


AND = [
    ("0 9 1-7 * &1", (1, 2, 3, 4, 5, 6, 7), (1,), "0 9 1-7 * &1"),
    ("0 9 */2 * &mon-fri", tuple(range(1, 32, 2)), (1, 2, 3, 4, 5), "0 9 */2 * 1-5"),
    ("0 0 1 * &sun", (1,), (0,), "0 0 1 * */7"),
    ("0 0 13 * &5,6", (13,), (5, 6), "0 0 13 * &5,6"),
    ("0 0 L * &5", (LAST_DAY,), (5,), "0 0 L * &5"),
    ("0 0 1 * &*", (1,), None, "0 0 1 * *"),
    ("0 0 * * &1", None, (1,), "0 0 * * 1"),
]


@pytest.mark.parametrize(("text", "days", "weekdays", "canonical"), AND)
def test_a_weekday_that_begins_with_and_must_match_together_with_the_day(
    text: str, days: tuple[int, ...] | None, weekdays: tuple[int, ...] | None, canonical: str
) -> None:
    (rule,) = parse(text).rules
    assert (rule.days, rule.weekdays) == (days, weekdays)
    assert parse(text).cron == canonical
    assert parse(canonical) == parse(text)


@pytest.mark.parametrize("text", ["0 0 &1 * *", "0 0 1 * &", "&0 0 1 * 1", "0 0 1 * &&1"])
def test_the_sign_of_and_belongs_before_a_weekday(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse(text)


@given(st.text(alphabet="0123456789*,-/#&LlWmonfrijan@ \t", max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse(text)
    except ExpressionError:
        return
    assert parse(found.cron) == found


def test_a_date_that_comes_on_one_leap_day_in_a_lifetime_is_accepted() -> None:
    for day, weekday in product((29,), range(7)):
        assert parse(f"0 0 */{day - 1} 2 {weekday}").rules[0].weekdays == (weekday,)
