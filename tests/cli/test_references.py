"""A word that is the name of a task and the id of a timing is never taken for one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ncp.cli import quick

if TYPE_CHECKING:
    from cli.conftest import Ncp

TAKE_BOTH = [
    ("delete", "-y"),
    ("pause",),
    ("resume",),
    ("run",),
    ("catchup",),
    ("stats",),
    ("executions",),
    ("next",),
    ("explain",),
]
IDS = [row[0] for row in TAKE_BOTH]


@pytest.fixture
def both(ncp: Ncp) -> Ncp:
    """Two tasks of the timing `hourly`, and a task of that name elsewhere; all have run."""
    for name in ("a", "b"):
        ncp.create("hourly", name=name)
    ncp.create("daily at 9am", name="hourly")
    for name in ("a", "b", "task:hourly"):
        ncp("schedule", "run", name)
    ncp("schedule", "list", "--json")
    return ncp


def names(ncp: Ncp) -> set[str]:
    return {task["name"] for task in ncp("schedule", "list", "--json").json["tasks"]}


@pytest.mark.parametrize("argv", TAKE_BOTH, ids=IDS)
def test_every_command_refuses_it_with_both_meanings(both: Ncp, argv: tuple[str, ...]) -> None:
    said = both("schedule", argv[0], "hourly", *argv[1:])
    assert (said.code, said.out) == (2, "")
    assert 'a task (in timing daily-9am), and a timing (of "a", "b")' in said.err
    assert "task:hourly" in said.err
    assert "timing:hourly" in said.err
    assert names(both) == {"a", "b", "hourly"}


@pytest.mark.parametrize("argv", TAKE_BOTH, ids=IDS)
@pytest.mark.parametrize("word", ["task:hourly", "timing:hourly"])
def test_every_command_takes_either_with_its_kind_in_front(
    both: Ncp, argv: tuple[str, ...], word: str
) -> None:
    assert both("schedule", argv[0], word, *argv[1:]).code == 0


@pytest.mark.parametrize(
    ("word", "left"), [("task:hourly", {"a", "b"}), ("timing:hourly", {"hourly"})]
)
def test_only_what_is_meant_is_deleted(both: Ncp, word: str, left: set[str]) -> None:
    both("schedule", "delete", word, "-y")
    assert names(both) == left


@pytest.mark.parametrize("word", ["task:hourly", "timing:hourly", "task:a", "timing:daily-9am"])
def test_quick_answers_take_kinds_as_the_whole_program_does(both: Ncp, word: str) -> None:
    argv = ("schedule", "executions", word, "--json")
    found = both(*argv)
    assert quick.answer(list(argv)) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quick, "answer", lambda _: None)
        assert both(*argv) == found
    ran = {one["taskName"] for one in found.json["executions"]}
    wanted = {"task:hourly": {"hourly"}, "timing:hourly": {"a", "b"}, "task:a": {"a"}}
    assert ran == wanted.get(word, {"hourly"})


def test_the_timing_of_one_task_of_its_name_needs_no_kind(ncp: Ncp) -> None:
    ncp.create("hourly", name="hourly")
    assert ncp("schedule", "run", "hourly").code == 0
    assert ncp("schedule", "delete", "hourly", "-y").code == 0


@pytest.mark.parametrize("command", ["get", "logs", "show"])
def test_what_takes_a_task_only_takes_the_task(both: Ncp, command: str) -> None:
    for word in ("hourly", "task:hourly"):
        assert both("schedule", command, word).code == 0
    said = both("schedule", "get", "timing:hourly")
    assert (said.code, 'Name one of its tasks: "a", "b"' in said.err) == (3, True)


def test_a_word_that_is_nothing_is_neither_a_task_nor_a_timing(ncp: Ncp) -> None:
    said = ncp("schedule", "delete", "nobody", "-y")
    assert (said.code, "No task or timing" in said.err) == (3, True)
