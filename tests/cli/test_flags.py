"""Whatever an option cannot be is said of the option, with a value that works."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest

from ncp.cli import flags

if TYPE_CHECKING:
    from cli.conftest import Ncp

RETRIES = ("--retries", "3")
REFUSED = [
    (("--timeout", "-1"), "--timeout", "300"),
    (("--timeout", "soon"), "--timeout", "5m"),
    (("--grace", "-1"), "--grace", "5"),
    (("--overlap", "twice"), "--overlap", "skip, queue, replace, allow"),
    (("--priority", "urgent"), "--priority", "critical, high, medium, low"),
    (("--active-hours", "9 to 5"), "--active-hours", "mon-fri 09:00-17:00"),
    (("--active-hours", "25:00-26:00"), "--active-hours", "mon-fri 09:00-17:00"),
    (("--active-hours", "09:00-09:00"), "--active-hours", "mon-fri 09:00-17:00"),
    (("--jitter", "-1"), "--jitter", "60"),
    (("--jitter", "86400"), "--jitter", "Write 43200"),
    (("--after", "nobody"), "--after", ""),
    (("--retries", "99"), "--retries", "3"),
    ((*RETRIES, "--retry-delay", "-1"), "--retry-delay", "30"),
    ((*RETRIES, "--retry-backoff", "11"), "--retry-backoff", "2"),
    ((*RETRIES, "--retry-max-delay", "86401"), "--retry-max-delay", "3600"),
    ((*RETRIES, "--retry-on", "monday"), "--retry-on", "failure, timeout, both"),
    (("--limit-memory", "0"), "--limit-memory", "512"),
    (("--limit-memory", "9999999999"), "--limit-memory", "512"),
    (("--limit-cpu", "much"), "--limit-cpu", "5m"),
    (("--limit-cpu", "9999999999"), "--limit-cpu", "60"),
    (("--limit-files", "9999999"), "--limit-files", "256"),
    (("--nice", "20"), "--nice", "10"),
    (("--umask", "999"), "--umask", "022"),
    (("--on-failure", " "), "--on-failure", "logger"),
    (("--on-success", " "), "--on-success", "logger"),
    (("--directory", "/no/such"), "--directory", "user"),
    (("--env", "A"), "--env", "LANG=C.UTF-8"),
    (("--env-file", "/no/such"), "--env-file", ""),
    (("--max-executions", "0"), "--max-executions", "1"),
    (("--end-date", "someday"), "--end-date", "--end-date 2"),
    (("--timezone", "Mars/Base"), "--timezone", ""),
    (("--name", " "), "--name", "backup"),
    (("--step", "a: x", "--step", "a: y"), "--step", "upload: "),
    (("--step", " "), "--step", "upload: "),
    (("--shell", "--step", "x"), "--shell", ""),
    (("--params", "[1]"), "--params", "/backups"),
    (("--params", "{}", "--tool", "none"), "--tool", "filesystem:list_directory"),
    (("--shell", "--", "a", "b"), "--shell", "--shell -- 'a b'"),
    (("--", ""), "-- COMMAND", "-- /usr/bin/true"),
]


@pytest.mark.parametrize("verb", ["create", "update"])
@pytest.mark.parametrize(
    ("argv", "option", "works"), REFUSED, ids=[shlex.join(argv) for argv, *_ in REFUSED]
)
def test_a_value_that_cannot_be_is_refused_by_the_name_of_its_option(
    ncp: Ncp, verb: str, argv: tuple[str, ...], option: str, works: str
) -> None:
    ncp.create("daily", name="x")
    acts = {"--", "--step", "--tool"} & {*argv}
    command = [] if acts or verb == "update" else ["--", "true"]
    said = ncp("schedule", verb, "x" if verb == "update" else "daily", *argv, *command)
    assert (said.code in {2, 3}, said.out) == (True, "")
    first, next_step = said.err.splitlines()
    assert first.startswith(f"Error: {option}: ")
    assert works in next_step
    assert "tasks[" not in said.err


EXAMPLES = [(option, value) for option, value in flags.OPTIONS.values() if value]
ELSEWHERE = {"--params", "--tool", "--env-file", "--step", "-- COMMAND"}
"""These need a server, a file, or to stand alone."""


def test_the_values_that_are_named_work(ncp: Ncp) -> None:
    chosen = [pair for pair in EXAMPLES if pair[0] not in ELSEWHERE]
    words = [word for pair in chosen for word in shlex.split(" ".join(pair))]
    assert ncp("schedule", "create", "daily", *words, "--", "true").code == 0
    for option, values in flags.WORDS.values():
        for value in values:
            given = (option, value, *RETRIES)
            assert ncp("schedule", "create", "daily", *given, "--", "true").code == 0


def test_every_option_that_changes_a_task_is_known(ncp: Ncp) -> None:
    known = {option for option, _ in (*flags.OPTIONS.values(), *flags.WORDS.values())}
    offered = {*re.findall(r"--[a-z-]+", ncp("schedule", "create", "--help").out)}
    others = "target timezone skip-validation test-run fire-once catchup-missed json help"
    others += " allow-duplicate-name if-absent"
    offered -= {f"--{name}" for name in [*others.split(), "no-catchup-missed"]}
    assert offered <= known


def test_what_is_wrong_with_another_task_is_said_of_that_one(ncp: Ncp) -> None:
    ncp.create("daily", name="x")
    ncp.create("daily", name="y", after="x")
    said = ncp("schedule", "update", "x", "--after", "y")
    assert "Tasks wait for each other" in said.err
