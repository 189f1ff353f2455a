"""A command comes after `--`: a line with too many words is refused, the corrected one works."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

CREATE = [
    (("every day", "at", "6am"), ["every day at 6am"], ["/usr/bin/true"]),
    (("every", "day", "at", "6am", "--", "date"), ["every day at 6am"], ["date"]),
    (("every day", "at", "6am", "--name", "x", "--", "date"), ["every day at 6am"], ["date"]),
    (("0", "5", "*", "*", "*", "date"), ["0 5 * * *"], ["date"]),
    (("every minute", "echo hi"), ["every minute"], ["echo hi"]),
    (("every minute", "echo", "hi"), ["every minute"], ["echo", "hi"]),
    (("every minute", "tar", "-C", "/srv", "-c", "."), ["every minute"], None),
    (("every minute", "rsync", "-a", "--delete", "/a"), ["every minute"], None),
    (("every minute", "--name", "x", "ls", "-la"), ["every minute"], ["ls", "-la"]),
    (("every minute", "ls", "-la", "--name", "x"), ["every minute"], ["ls", "-la"]),
    (("every minute", "ls", "-la", "--timeout=5"), ["every minute"], ["ls", "-la"]),
    (("every minute", "x", "--", "date"), ["every minute"], ["x", "date"]),
    (("every", "day", "at", "5am", "sh", "-c", 'echo "$A"'), ["every day at 5am"], None),
]


def corrected(said_err: str) -> list[str]:
    """The line that is proposed, as a shell takes it apart."""
    line = said_err.rpartition("Write: ")[2].strip()
    words = shlex.split(line)
    assert words[0] == "ncp"
    return words[1:]


@pytest.mark.parametrize(("argv", "schedule", "command"), CREATE, ids=str)
def test_create_refuses_words_without_a_place_and_the_line_it_proposes_works(
    ncp: Ncp, argv: tuple[str, ...], schedule: list[str], command: list[str] | None
) -> None:
    said = ncp("schedule", "create", *argv)
    assert (said.code, said.out) == (2, "")
    assert not (ncp.home / "schedule.json").exists()
    line = corrected(said.err)
    head, tail = line[: line.index("--")], line[line.index("--") + 1 :]
    assert head[2:3] == schedule
    assert tail == (command or list(argv[-len(tail) :]))
    done = ncp(*line[:2], "--json", *line[2:])
    task = done.json["task"]
    assert task["command"] == tail
    if "--name" in argv:
        assert task["name"] == "x"
    if "--timeout=5" in argv:
        assert task["timeoutSeconds"] == 5


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("daily", "--nmae", "x"), "--name"),
        (("daily", "--nmae", "x", "--", "date"), "--name"),
        (("--", "date"), "SCHEDULE"),
        (("filesystem:read", "every day at 9am"), '"every day at 9am" --tool filesystem:read'),
        (("filesystem:read",), "--tool filesystem:read"),
        (("daily", "at", "6am", "--tool", "a:b"), 'create "daily at 6am" --tool a:b\n'),
    ],
)
def test_other_mistakes_keep_their_own_advice(ncp: Ncp, argv: tuple[str, ...], words: str) -> None:
    said = ncp("schedule", "create", *argv)
    assert (said.code, words in said.err) == (2, True), said.err


def test_an_option_behind_the_command_belongs_to_the_command(ncp: Ncp) -> None:
    assert ncp.create("daily", "x", "--json", "--", "--help")["command"] == [
        *("x", "--json", "--", "--help")
    ]


@pytest.fixture
def three(ncp: Ncp) -> Ncp:
    for name in ("poll", "om", "p"):
        ncp.create("hourly", "date", name=name)
    return ncp


def test_update_takes_several_tasks(three: Ncp) -> None:
    said = three("schedule", "update", "poll", "om", "p", "--schedule", "every day at 5am")
    assert said.code == 0, said.err
    tasks = three("schedule", "list", "--json").json["tasks"]
    assert {(task["timingId"], *task["command"]) for task in tasks} == {("daily-5am", "date")}


@pytest.mark.parametrize(
    ("argv", "tail"),
    [
        (("poll", "echo", "hi", "--schedule", "daily"), ["echo", "hi"]),
        (("poll", "om", "/bin/echo", "-n", "x"), ["/bin/echo", "-n", "x"]),
        (("poll", "ls", "-la"), ["ls", "-la"]),
    ],
)
def test_update_refuses_a_command_without_dashes_and_the_line_it_proposes_works(
    three: Ncp, argv: tuple[str, ...], tail: list[str]
) -> None:
    said = three("schedule", "update", *argv)
    assert (said.code, said.out) == (2, "")
    assert three("schedule", "get", "poll", "--json").json["command"] == ["date"]
    line = corrected(said.err)
    assert three(*line).code == 0
    assert three("schedule", "get", "poll", "--json").json["command"] == tail


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (("nobody", "om", "--name", "x"), 3, "nobody"),
        (("poll", "omm", "--timeout", "3"), 3, 'Did you mean "om"'),
        (("poll", "hourly", "--timeout", "3"), 3, "is a timing"),
        (("poll", "stranger", "--", "date"), 3, "stranger"),
        (("poll", "om", "--name", "x"), 2, "cannot have one name"),
        (("poll", "om"), 2, "nothing to change"),
    ],
)
def test_several_tasks_are_all_changed_or_none(
    three: Ncp, argv: tuple[str, ...], code: int, words: str
) -> None:
    before = (three.home / "schedule.json").read_bytes()
    said = three("schedule", "update", *argv)
    assert (said.code, words in said.err) == (code, True), said.err
    assert (three.home / "schedule.json").read_bytes() == before


def test_a_chain_of_tasks_moves_as_a_whole(ncp: Ncp) -> None:
    ncp.create("hourly", name="first")
    ncp.create("hourly", name="second", after="first")
    assert ncp("schedule", "update", "first", "--schedule", "daily").code == 2
    assert ncp("schedule", "update", "first", "second", "--schedule", "daily").code == 0
    timings = ncp("schedule", "list", "--json").json["timings"]
    assert [len(timing["taskIds"]) for timing in timings] == [2]


def test_tasks_of_several_zones_get_timings_of_their_own(ncp: Ncp) -> None:
    ncp.create("hourly", name="here")
    ncp.create("hourly", name="there", timezone="Asia/Tokyo")
    assert ncp("schedule", "update", "here", "there", "--schedule", "daily at 5am").code == 0
    tasks = {task["name"]: task for task in ncp("schedule", "list", "--json").json["tasks"]}
    assert [tasks[name]["timezone"] for name in ("here", "there")] == [None, "Asia/Tokyo"]
    assert tasks["here"]["timingId"] != tasks["there"]["timingId"]


def test_parts_are_laid_over_what_each_task_has(three: Ncp) -> None:
    three("schedule", "update", "poll", "--env", "A=1", "--limit-cpu", "9")
    three("schedule", "update", "poll", "om", "--env", "B=2", "--limit-files", "8")
    poll, om = (three("schedule", "get", name, "--json").json for name in ("poll", "om"))
    assert (poll["environment"], om["environment"]) == ({"A": "1", "B": "2"}, {"B": "2"})
    assert poll["limits"] == {"cpuSeconds": 9, "openFiles": 8}
    assert om["limits"] == {"openFiles": 8}


@pytest.mark.parametrize(
    ("argv", "lines"),
    [
        (("--", "om", "p"), ["command: date → om p"]),
        (("--schedule", "every day at 5am"), ["schedule: 0 * * * * → 0 5 * * *"]),
        (("--timezone", "Asia/Tokyo"), ["timezone: none → Asia/Tokyo"]),
        (("--timeout", "7"), ["timeoutSeconds: 300 → 7"]),
        (("--name", "y"), ["name: poll → y"]),
        (("--env", "A=1"), ["environment.A: none → 1"]),
        (("--fire-once",), ["fireOnce: false → true"]),
        (("--limit-cpu", "5"), ["limits.cpuSeconds: none → 5"]),
        (("--description", "a\x1b[2Jb"), ["description: none → a\\x1b[2Jb"]),
        (("--timeout", "300"), ["All of it was so already."]),
    ],
    ids=str,
)
def test_update_prints_what_is_other_than_before(
    three: Ncp, argv: tuple[str, ...], lines: list[str]
) -> None:
    said = three("schedule", "update", "poll", *argv)
    assert [line.strip() for line in said.out.splitlines() if line.startswith("  ")] == lines


def test_json_carries_old_and_new(three: Ncp) -> None:
    found = three("schedule", "update", "poll", "p", "--json", "--", "om").json
    assert [task["name"] for task in found["tasks"]] == ["poll", "p"]
    assert [*found["fields"].values()] == [{"command": {"old": ["date"], "new": ["om"]}}] * 2
    json.dumps(found)


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        (("schedule", "explain", "every", "day", "at", "6am"), 'explain "every day at 6am"'),
        (("schedule", "next", "daily", "at", "6am", "-n", "2"), 'next "daily at 6am" -n 2'),
        (("compile", "daily", "at", "6am"), 'compile "daily at 6am"'),
    ],
)
def test_a_schedule_without_quotes_is_refused_with_them(
    ncp: Ncp, argv: tuple[str, ...], line: str
) -> None:
    said = ncp(*argv)
    assert (said.code, line in said.err) == (2, True), said.err
    assert ncp(*corrected(said.err)).code == 0


def test_a_servers_program_comes_behind_dashes_too(ncp: Ncp) -> None:
    said = ncp("mcp", "add", "files", "npx", "-y", "server", "--env", "A=1")
    assert said.code == 2
    assert corrected(said.err) == shlex.split("mcp add files --env A=1 -- npx -y server")


UNQUOTED = [
    (("--schedule", "every", "day", "at", "6am"), ["--schedule", "every day at 6am"]),
    (("--schedule=every", "day", "at", "6am"), ["--schedule=every day at 6am"]),
    (("--schedule", "mon", "wed", "at", "9am", "--", "date"), ["--schedule", "mon wed at 9am"]),
    (("--name", "my", "job"), ["--name", "my job"]),
    (("--name", "my", "job", "--", "date"), ["--name", "my job"]),
    (("--timeout", "5", "minutes"), ["--timeout", "5 minutes"]),
    (("--timeout", "5", "minutes", "date"), ["--timeout", "5 minutes"]),
    (("--end-date", "next", "friday"), ["--end-date", "next friday"]),
    (("--catchup-missed", "yes", "--timeout", "6m"), ["--catchup-missed", "--timeout", "6m"]),
    (("--catchup-missed", "no"), ["--no-catchup-missed"]),
    (("--no-catchup-missed", "no"), ["--catchup-missed"]),
]


@pytest.mark.parametrize(("argv", "options"), UNQUOTED, ids=str)
def test_a_value_of_several_words_is_not_taken_for_a_command(
    three: Ncp, argv: tuple[str, ...], options: list[str]
) -> None:
    said = three("schedule", "update", "poll", *argv)
    assert (said.code, said.out) == (2, ""), said.err
    line = corrected(said.err)
    typed = ["--", "date"] if "date" in argv else []
    assert line == ["schedule", "update", "poll", *options, *typed]
    assert three(*line).code == 0


def test_create_joins_the_words_of_a_value_too(ncp: Ncp) -> None:
    argv = ("every", "day", "at", "6am", "--name", "my", "job", "--", "date", "-u")
    line = corrected(ncp("schedule", "create", *argv).err)
    assert line[2:] == ["every day at 6am", "--name", "my job", "--", "date", "-u"]


def test_a_schedule_that_nobody_understands_is_not_split(three: Ncp) -> None:
    said = three("schedule", "update", "poll", "--schedule", "every", "wrongly", "day")
    line = corrected(said.err)
    assert line[3:] == ["--schedule", "every wrongly day"]
    assert "wrongly" in three(*line).err


def test_an_empty_name_is_refused(ncp: Ncp) -> None:
    said = ncp("schedule", "create", "daily", "--name", "", "--", "date")
    assert (said.code, "is empty" in said.err) == (2, True)
