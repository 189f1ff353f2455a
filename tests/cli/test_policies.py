"""Flags that decide when and whether a task starts, and what is said of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

HOURS = {"active-hours": "sat-mon 09:00-12:00"}


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--overlap", "twice"), "is not a way to treat overlap"),
        (("--overlap", ""), "is not a way to treat overlap"),
        (("--priority", "urgent"), "is not a priority"),
        (("--active-hours", "9 to 5"), 'Write for example: --active-hours "mon-fri 09:00-17:00"'),
        (("--active-hours", "25:00-26:00"), "is not a time of day"),
        (("--active-hours", "09:00-09:00"), "span no time"),
        (("--retry-delay", "5"), "Write for example: --retries 3"),
        (("--retries", "3", "--retry-delay", "-1"), "-1.0 is not a number of seconds up to a day"),
        (("--retries", "3", "--retry-backoff", "11"), "is not a factor of 1 to 10"),
        (("--retries", "3", "--retry-max-delay", "86401"), "is not a number of seconds up to"),
        (("--retries", "3", "--retry-on", "monday"), "is not a cause"),
        (("--retries", "11"), "11 is not in the range"),
        (("--limit-memory", "0"), "0 is not a number of megabytes"),
        (("--limit-files", "9999999"), "is not a number of files from 1 to 1048576"),
        (("--nice", "20"), "20 is not in the range"),
        (("--umask", "99"), "is not a umask"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(ncp: Ncp, argv: tuple[str, ...], said: str) -> None:
    answer = ncp("schedule", "create", "daily", *argv, "--", "true")
    assert answer.code == 2
    assert said in " ".join(answer.err.split())
    assert not (ncp.home / "schedule.json").exists()


def test_one_part_of_retries_is_changed_and_the_others_stay(ncp: Ncp) -> None:
    ncp.create("daily", name="x", retries="3")
    said = ncp("schedule", "update", "x", "--retry-on", "failure", "--json")
    assert said.json["task"]["retries"] == {"attempts": 3, "on": "failure"}


def test_one_limit_is_changed_and_the_others_stay(ncp: Ncp) -> None:
    ncp.create("daily", name="x", **{"limit-memory": "64", "nice": "5"})
    said = ncp("schedule", "update", "x", "--limit-cpu", "3", "--json")
    assert said.json["task"]["limits"] == {"memoryMb": 64, "cpuSeconds": 3, "nice": 5}
    shown = " ".join(ncp("schedule", "get", "x").out.split())
    assert "Limits 64 MB of memory, 3 s of CPU, nice 5" in shown


def test_the_umask_is_captured_where_the_task_is_made(ncp: Ncp) -> None:
    before = os.umask(0o027)
    try:
        made = ncp.create("daily", name="x")
    finally:
        os.umask(before)
    assert made["umask"] == "027"
    assert "Umask 027" in " ".join(ncp("schedule", "get", "x").out.split())


def test_get_says_the_policies_in_words(ncp: Ncp) -> None:
    ncp.create("daily", name="x", retries="3", overlap="queue", priority="low", **HOURS)
    shown = ncp("schedule", "get", "x").out
    assert "3 more after failure or timeout, first 30 s later, then 2 times as long" in shown
    assert "queue" in shown
    assert "low" in shown
    assert "sat,sun,mon 09:00-12:00" in shown
    ncp.create("daily", name="plain")
    assert "Retries" not in ncp("schedule", "get", "plain").out


def test_a_failed_slot_is_tried_again_until_it_works(ncp: Ncp) -> None:
    script = "test -e second && exit 0; test -e first && : > second; : > first; exit 1"
    options = {"retries": "3", "retry-delay": "0.1"}
    ncp.create("every minute", "sh", "-c", script, name="x", **options)
    assert ncp.fire("every-minute").code == 0
    found = ncp("schedule", "executions", "--json").json["executions"]
    attempts = [(row["attempt"], row["status"]) for row in found]
    assert attempts[-3:] == [(3, "success"), (2, "failure"), (1, "failure")]


def test_a_dry_run_shows_the_umask_and_the_limits(ncp: Ncp) -> None:
    ncp.create("daily", name="x", **{"limit-files": "9", "umask": "077"})
    (planned,) = ncp("schedule", "run", "x", "--dry-run", "--json").json["tasks"]
    assert (planned["umask"], planned["limits"]) == ("077", {"openFiles": 9})
    shown = " ".join(ncp("schedule", "run", "x", "--dry-run").out.split())
    assert "Umask 077 Limits 9 open files" in shown


def test_a_single_retry_has_no_growing_delays(ncp: Ncp) -> None:
    ncp.create("daily", name="x", retries="1", **{"retry-on": "timeout"})
    assert "1 more after timeout, 30 s later\n" in ncp("schedule", "get", "x").out
