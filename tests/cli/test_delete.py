from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.terminal import Terminal

if TYPE_CHECKING:
    from cli.conftest import Ncp


def names(ncp: Ncp) -> list[str]:
    return [task["name"] for task in ncp("schedule", "list", "--json").json["tasks"]]


def test_a_deleted_task_is_gone_and_its_sibling_stays(ncp: Ncp) -> None:
    for name in ("a", "b"):
        ncp.create("daily", name=name)
    said = ncp("schedule", "delete", "a", "-y")
    assert (said.code, said.out.startswith('Deleted "a" (')) == (0, True)
    assert names(ncp) == ["b"]


def test_the_last_task_takes_its_timing_along(ncp: Ncp) -> None:
    ncp.create("daily", name="a")
    ncp("schedule", "delete", "a", "-y")
    assert ncp("schedule", "list", "--json").json == {"tasks": [], "timings": []}


def test_deleting_a_timing_deletes_its_tasks_and_nothing_else(ncp: Ncp) -> None:
    for name, schedule in (("a", "daily at 9am"), ("b", "daily at 9am"), ("c", "hourly")):
        ncp.create(schedule, name=name)
    said = ncp("schedule", "delete", "daily-9am", "--yes", "--json").json
    assert {gone["name"] for gone in said["deleted"]} == {"a", "b"}
    assert names(ncp) == ["c"]


def test_what_it_did_stays_in_the_history(ncp: Ncp) -> None:
    ncp.create("daily", name="a")
    ncp("schedule", "run", "a")
    ncp("schedule", "delete", "a", "-y")
    found = ncp("schedule", "executions", "--json").json["executions"]
    assert [one["taskName"] for one in found] == ["a"]


def test_nobody_to_ask_means_no(ncp: Ncp) -> None:
    ncp.create("daily", name="a")
    said = ncp("schedule", "delete", "a")
    assert said.code == 2
    assert "-y" in said.err
    assert names(ncp) == ["a"]


@pytest.mark.parametrize(("answer", "left"), [("y", []), ("n", ["a"])])
def test_a_terminal_is_asked_and_told_what_goes(ncp: Ncp, answer: str, left: list[str]) -> None:
    ncp.create("daily at 9am", name="a")
    with Terminal(ncp.program("schedule", "delete", "a"), ncp.environment) as terminal:
        seen = terminal.until("Delete this task?")
        assert '"a" in timing daily-9am' in seen
        terminal.type(answer)
        seen += terminal.rest()
    assert terminal.code == 0
    assert ("Deleted" in seen, "Nothing was deleted" in seen) == (not left, bool(left))
    assert names(ncp) == left


@pytest.mark.parametrize(("argv", "code"), [((), 2), (("nobody", "-y"), 3), (("a", "zz", "-y"), 3)])
def test_who_is_meant_must_be_clear(ncp: Ncp, argv: tuple[str, ...], code: int) -> None:
    ncp.create("daily", name="a")
    assert ncp("schedule", "delete", *argv).code == code
    assert names(ncp) == ["a"]


def test_naming_none_is_refused_in_the_name_of_the_command(ncp: Ncp) -> None:
    assert ncp("schedule", "delete", "-y").err.startswith("Error: ncp schedule delete: Which task?")
