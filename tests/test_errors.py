from __future__ import annotations

import inspect

import pytest

from ncp import errors
from ncp.errors import InputError, Location, NcpError

CLASSES = [
    found
    for found in vars(errors).values()
    if inspect.isclass(found) and issubclass(found, NcpError)
]


def test_an_error_reads_as_where_what_and_the_next_step() -> None:
    error = NcpError("It is odd.", where="f.json", next_step="Make it even.")
    assert str(error) == "f.json: It is odd. Make it even."


@pytest.mark.parametrize(
    ("where", "next_step", "text"),
    [("", "", "Odd."), ("f", "", "f: Odd."), ("", "Go.", "Odd. Go.")],
)
def test_a_part_that_is_not_there_leaves_no_trace(where: str, next_step: str, text: str) -> None:
    assert str(NcpError("Odd.", where=where, next_step=next_step)) == text


@pytest.mark.parametrize("kind", CLASSES)
def test_each_kind_of_error_has_a_documented_exit_code_and_keeps_its_parts(
    kind: type[NcpError],
) -> None:
    assert kind.exit_code in errors.EXIT_CODES
    error = kind("a", where="b", next_step="c")
    assert (error.what, error.where, error.next_step) == ("a", "b", "c")
    assert error.args == ("a", "b", "c")


@pytest.mark.parametrize("kind", CLASSES)
def test_the_tree_on_top_of_the_module_names_every_kind(kind: type[NcpError]) -> None:
    assert kind.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.NcpError, 1),
        (errors.InputError, 2),
        (errors.ExpressionError, 2),
        (errors.PhraseError, 2),
        (errors.DocumentError, 2),
        (errors.HomeError, 2),
        (errors.NotFoundError, 3),
        (errors.SchedulerError, 4),
        (errors.BusyError, 5),
    ],
)
def test_the_exit_codes_are_those_that_scripts_rely_on(kind: type[NcpError], code: int) -> None:
    assert kind.exit_code == code


def test_the_codes_of_the_table_are_told_apart() -> None:
    assert sorted(errors.EXIT_CODES) == [0, 1, 2, 3, 4, 5, 130]


def test_a_location_reads_as_file_task_and_key() -> None:
    whole = Location(task="a", file="schedule.json")
    assert str(whole + ".after" + "[0].task") == 'schedule.json: tasks["a"].after[0].task'
    assert str(Location('timings["daily"]') + ".every") == 'timings["daily"].every'
    assert str(Location()) == ""


def test_an_error_says_what_it_is_about_as_values_too() -> None:
    where = Location(task="a", file="schedule.json") + ".retries.on"
    error = InputError("Odd.", where=where)
    assert (error.task, error.key, error.place.file) == ("a", "retries.on", "schedule.json")
    assert error.where == 'schedule.json: tasks["a"].retries.on'


def test_an_error_whose_place_is_a_text_is_about_no_key() -> None:
    error = InputError("Odd.", where='tasks["a"].retries.on')
    assert (error.task, error.key) == ("", "")
