"""A name is what people know a task by: two tasks have one only where that is wanted."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

MAKE = ("schedule", "create", "daily at 9am", "--name", "backup")


def tasks(ncp: Ncp) -> list[tuple[str, str]]:
    found = ncp("schedule", "list", "--json").json["tasks"]
    return [(task["name"], task["timingId"]) for task in found]


def test_a_second_task_of_a_name_is_refused_with_the_first(ncp: Ncp) -> None:
    first = ncp(*MAKE, "--json", "--", "true").json["task"]
    said = ncp(*MAKE, "--", "date")
    assert (said.code, said.out) == (2, "")
    assert f"ncp schedule update {first['id']}" in said.err
    assert "--allow-duplicate-name" in said.err
    assert tasks(ncp) == [("backup", "daily-9am")]


def test_it_is_made_where_that_is_allowed(ncp: Ncp) -> None:
    for _ in range(2):
        assert ncp(*MAKE, "--allow-duplicate-name", "--", "true").code == 0
    assert tasks(ncp) == [("backup", "daily-9am")] * 2


def test_if_absent_can_be_said_again_and_again(ncp: Ncp) -> None:
    first = ncp(*MAKE, "--if-absent", "--json", "--", "true").json
    document = (ncp.home / "schedule.json").read_bytes()
    again = ncp(*MAKE, "--if-absent", "--json", "--", "true")
    assert (first["created"], again.json["created"]) == (True, False)
    assert again.json["task"]["id"] == first["task"]["id"]
    assert "is there already" not in again.err
    said = ncp(*MAKE, "--if-absent", "--", "true")
    assert (said.code, said.out.startswith('There already: "backup" (')) == (0, True)
    assert (ncp.home / "schedule.json").read_bytes() == document


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("daily at 9am", "date"), "with another command"),
        (("daily at 10am", "true"), "with another schedule"),
        (("daily at 10am", "date"), "with another schedule and command"),
    ],
)
def test_if_absent_says_what_is_other_than_asked(
    ncp: Ncp, line: tuple[str, str], words: str
) -> None:
    ncp(*MAKE, "--", "true")
    schedule, command = line
    said = ncp("schedule", "create", schedule, "--name", "backup", "--if-absent", "--", command)
    assert (said.code, words in said.err) == (0, True), said.err
    assert tasks(ncp) == [("backup", "daily-9am")]


def test_if_absent_at_once_makes_one(ncp: Ncp) -> None:
    argv = ncp.program(*MAKE, "--if-absent", "--", "true")
    programs = [subprocess.Popen(argv, env=ncp.environment, stdout=-3, stderr=-3) for _ in range(4)]
    assert [program.wait(60) for program in programs] == [0] * 4
    assert tasks(ncp) == [("backup", "daily-9am")]


def test_at_once_one_name_is_given_once(ncp: Ncp) -> None:
    argv = ncp.program(*MAKE, "--", "true")
    programs = [subprocess.Popen(argv, env=ncp.environment, stdout=-3, stderr=-3) for _ in range(4)]
    assert sorted(program.wait(60) for program in programs) == [0, 2, 2, 2]
    assert tasks(ncp) == [("backup", "daily-9am")]


def test_a_name_made_from_the_command_is_another_one_each_time(ncp: Ncp) -> None:
    for _ in range(3):
        assert ncp("schedule", "create", "daily at 9am", "--", "true").code == 0
    assert [name for name, _ in tasks(ncp)] == ["true", "true (2)", "true (3)"]
    ncp("schedule", "update", "true (2)", "--", "date")
    assert [name for name, _ in tasks(ncp)] == ["true", "date", "true (3)"]
    assert ncp("schedule", "create", "daily at 9am", "--if-absent", "--", "date").code == 0
    assert len(tasks(ncp)) == 3


def test_a_task_cannot_be_renamed_to_another(ncp: Ncp) -> None:
    for name in ("a", "b"):
        ncp.create("daily at 9am", name=name)
    said = ncp("schedule", "update", "a", "--name", "b")
    assert (said.code, 'called "b" already' in said.err) == (2, True)
    assert ncp("schedule", "update", "a", "--name", "a").code == 0
