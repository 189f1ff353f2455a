from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncp.cron import fields
from ncp.cron.fields import DAY, FIELDS, HOUR, MINUTE, MONTH, WEEKDAY, Field
from ncp.errors import ExpressionError
from ncp.model import LAST_DAY

ACCEPTED: list[tuple[Field, str, set[int]]] = [
    (MINUTE, "0", {0}),
    (MINUTE, "05", {5}),
    (MINUTE, "59", {59}),
    (MINUTE, "*", set(range(60))),
    (MINUTE, "*/20", {0, 20, 40}),
    (MINUTE, "*/59", {0, 59}),
    (MINUTE, "5/15", {5, 20, 35, 50}),
    (MINUTE, "10-20/5", {10, 15, 20}),
    (MINUTE, "7-7", {7}),
    (MINUTE, "1,1,2", {1, 2}),
    (HOUR, "22-23,0", {22, 23, 0}),
    (DAY, "1-31/10", {1, 11, 21, 31}),
    (DAY, "L", {LAST_DAY}),
    (DAY, "l,15", {LAST_DAY, 15}),
    (DAY, "28-31,L", {28, 29, 30, 31}),
    (DAY, "29-31,L", {29, 30, 31, LAST_DAY}),
    (MONTH, "JAN,dec", {1, 12}),
    (MONTH, "Feb-apr", {2, 3, 4}),
    (WEEKDAY, "0", {0}),
    (WEEKDAY, "7", {0}),
    (WEEKDAY, "sun-tue", {0, 1, 2}),
    (WEEKDAY, "5-7", {5, 6, 0}),
    (WEEKDAY, "*/7", {0}),
    (WEEKDAY, "*/3", {0, 3, 6}),
    (WEEKDAY, "1#2", {1 + 7 * 2}),
    (WEEKDAY, "MON#5", {1 + 7 * 5}),
    (WEEKDAY, "7#1", {0 + 7 * 1}),
    (WEEKDAY, "5L", {5 + 7 * 6}),
    (WEEKDAY, "fril", {5 + 7 * 6}),
    (WEEKDAY, "5,5L,5#1", {5}),
    (WEEKDAY, "1#2,1#3,5", {15, 22, 5}),
]

REFUSED: list[tuple[Field, str, str, str]] = [
    (MINUTE, "60", '"60" is out of range; this field takes 0-59', "59"),
    (MINUTE, "1-90", '"1-90" is out of range', "59"),
    (HOUR, "24", '"24" is out of range; this field takes 0-23', "23"),
    (DAY, "0", '"0" is out of range; this field takes 1-31', "1"),
    (MONTH, "13", '"13" is out of range; this field takes 1-12', "12"),
    (WEEKDAY, "8", '"8" is out of range; this field takes 0-7', "7"),
    (HOUR, "22-2", "reversed range", "22-23,0-2"),
    (HOUR, "23-0", "reversed range", "23,0"),
    (WEEKDAY, "fri-mon", "reversed range", "5-6,0-1"),
    (WEEKDAY, "6-0", "reversed range", "6,0"),
    (MONTH, "nov-feb", "reversed range", "11-12,1-2"),
    (MINUTE, "*/0", "has a step of 0", "*/5"),
    (MINUTE, "*/90", "step larger than the field's span", "0"),
    (MINUTE, "*/60", "step larger than the field's span", "0"),
    (DAY, "*/31", "step larger than the field's span", "1"),
    (MONTH, "*/x", "step that is not a number", "*/5"),
    (MINUTE, "*/", "step that is not a number", "*/5"),
    (WEEKDAY, "*/8", "step larger than the field's span", "0"),
    (MINUTE, "1,,2", "an empty piece", "30 9 * * *"),
    (MINUTE, ",", "an empty piece", "30 9 * * *"),
    (MINUTE, "-5", '"-5" is not a value, a range, a list or a step', "30 9 * * *"),
    (MINUTE, "*-5", "has a range that starts with *", "30 9 * * *"),
    (MINUTE, "five", '"five" is not a value of it', "30 9 * * *"),
    (MINUTE, "L", '"l" is not a value of it', "30 9 * * *"),
    (MONTH, "january", "its names are jan to dec", "0 9 1 6 *"),
    (MONTH, "mon", "its names are jan to dec", "0 9 1 6 *"),
    (WEEKDAY, "jan", "its names are sun to sat", "0 9 * * 1-5"),
    (WEEKDAY, "1#6", "names a week that no month has", "0 9 * * 1#2"),
    (WEEKDAY, "1#0", "names a week that no month has", "0 9 * * 1#2"),
    (WEEKDAY, "9#1", "is out of range", "7"),
    (WEEKDAY, "L", '"l" is not a value of it', "0 9 * * 1-5"),
    (DAY, "1#2", "is not a value, a range, a list or a step", "0 9 15 * *"),
    (DAY, "5W", '"5w" is not a value of it', "0 9 15 * *"),
    (DAY, "?", '"?" is not a value', "0 9 15 * *"),
]


@pytest.mark.parametrize(("field", "text", "values"), ACCEPTED, ids=lambda v: getattr(v, "name", v))
def test_a_field_reads_values_ranges_lists_steps_and_names(
    field: Field, text: str, values: set[int]
) -> None:
    assert fields.parse(field, text).values == values


@pytest.mark.parametrize(
    ("field", "text", "why", "instead"), REFUSED, ids=lambda v: getattr(v, "name", v)
)
def test_a_refusal_names_the_field_the_piece_the_range_and_what_to_write(
    field: Field, text: str, why: str, instead: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        fields.parse(field, text)
    error = caught.value
    assert why in error.what
    assert f"takes {field.low}-{field.high}." in error.what
    assert (error.where, error.exit_code) == (f"{field.name} field", 2)
    assert f" {instead}." in error.next_step


@pytest.mark.parametrize(
    ("text", "starred"),
    [("*", True), ("*/2", True), ("*,1", True), ("1,*", False), ("1-31", False), ("1", False)],
)
def test_only_the_first_character_makes_a_field_starred(text: str, starred: bool) -> None:
    assert fields.parse(DAY, text).starred is starred


@pytest.mark.parametrize(
    ("field", "values", "text"),
    [
        (MINUTE, {0}, "0"),
        (MINUTE, {0, 1}, "0,1"),
        (MINUTE, {0, 1, 2}, "0-2"),
        (MINUTE, {0, 20, 40}, "0,20,40"),
        (MINUTE, {0, 15, 30, 45}, "0-45/15"),
        (MINUTE, {1, 2, 3, 7, 9, 10, 11, 12}, "1-3,7,9-12"),
        (DAY, {1, LAST_DAY}, "1,L"),
        (WEEKDAY, {0, 6, 1 + 7 * 2, 5 + 7 * 6}, "0,6,1#2,5L"),
        (WEEKDAY, set(range(7)), "0-6"),
    ],
)
def test_a_set_of_values_has_one_plain_text(field: Field, values: set[int], text: str) -> None:
    assert fields.plain(field, frozenset(values)) == text


@pytest.mark.parametrize(
    ("field", "values", "exactly", "text"),
    [
        (MINUTE, set(range(60)), True, "*"),
        (MINUTE, {0, 30}, True, "*/30"),
        (MINUTE, {0, 7, 30}, True, None),
        (MINUTE, {0, 7, 30}, False, "*/30,7"),
        (MINUTE, {0, 59}, True, "*/59"),
        (MINUTE, {1, 2}, False, None),
        (WEEKDAY, {0}, True, "*/7"),
        (WEEKDAY, {0, 2, 4, 6}, True, "*/2"),
    ],
)
def test_a_starred_text_is_found_where_there_is_one(
    field: Field, values: set[int], exactly: bool, text: str | None
) -> None:
    assert fields.starred(field, frozenset(values), exactly=exactly) == text


def piece(field: Field) -> st.SearchStrategy[str]:
    value = st.integers(field.low, field.high)
    span = st.tuples(value, value).map(sorted)
    step = st.integers(1, field.high - field.low)
    return st.one_of(
        value.map(str),
        span.map(lambda s: f"{s[0]}-{s[1]}"),
        st.tuples(span, step).map(lambda p: f"{p[0][0]}-{p[0][1]}/{p[1]}"),
        step.map(lambda n: f"*/{n}"),
        st.just("*"),
        st.tuples(value, step).map(lambda p: f"{p[0]}/{p[1]}"),
    )


def spelled(field: Field, text: str) -> set[int]:
    """What crontab(5) says of values, ranges and steps, in the fewest words."""
    found = set[int]()
    for one in text.split(","):
        span, _, step = one.partition("/")
        low, dash, high = span.replace("*", f"{field.low}-{field.high}").partition("-")
        top = int(high) if dash else (field.high if step else int(low))
        found |= set(range(int(low), top + 1, int(step or 1)))
    return {0 if field is WEEKDAY and value == 7 else value for value in found}


@given(st.data())
def test_values_are_as_the_manual_spells_them_and_survive_being_written(
    data: st.DataObject,
) -> None:
    field = data.draw(st.sampled_from(FIELDS))
    text = ",".join(data.draw(st.lists(piece(field), min_size=1, max_size=4)))
    values = fields.parse(field, text).values
    assert values == spelled(field, text)
    assert fields.parse(field, fields.plain(field, values)).values == values
    again = fields.starred(field, values, exactly=False)
    assert again is None or fields.parse(field, again) == fields.Values(values, starred=True)


@given(st.text(alphabet="0123456789*,-/#lLabc?W ", max_size=8), st.sampled_from(FIELDS))
def test_any_text_is_read_or_refused(text: str, field: Field) -> None:
    try:
        found = fields.parse(field, text)
    except ExpressionError:
        return
    assert found.values
