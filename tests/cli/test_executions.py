from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

KEYS = {
    *("executionId", "taskId", "taskName", "timingId", "slot"),
    *("status", "exitCode", "startedAt", "durationMs"),
}


def found(ncp: Ncp, *argv: str) -> list[dict[str, Any]]:
    executions: list[dict[str, Any]] = ncp("schedule", "executions", "--json", *argv).json[
        "executions"
    ]
    return executions


@pytest.fixture
def busy(ncp: Ncp) -> Ncp:
    """A good and a bad task at nine and a good one each minute; all have run once."""
    ncp.create("daily at 9am", name="good")
    ncp.create("daily at 9am", "sh", "-c", "exit 3", name="bad")
    ncp.create("every minute", name="often")
    for name in ("good", "bad", "often"):
        ncp("schedule", "run", name)
    return ncp


def test_json_holds_the_documented_keys_newest_first(busy: Ncp) -> None:
    ran = found(busy)
    assert [one["taskName"] for one in ran] == ["often", "bad", "good"]
    assert all(one.keys() >= KEYS for one in ran)
    assert [one["exitCode"] for one in ran] == [0, 3, 0]
    ids = [one["executionId"] for one in ran]
    assert len(set(ids)) == 3


def test_a_firing_carries_the_slot_that_it_was_for(ncp: Ncp) -> None:
    task = ncp.create("every minute", name="x")
    ncp.fire("every-minute")
    (one,) = found(ncp)
    slot = datetime.fromisoformat(one["slot"])
    assert (slot.second, slot.tzinfo) == (0, UTC)
    assert abs((datetime.now(UTC) - slot).total_seconds()) < 120
    assert (one["taskId"], one["timingId"]) == (task["id"], "every-minute")


def test_two_firings_of_one_slot_are_one_execution(ncp: Ncp) -> None:
    task = ncp.create("0 0 1 1 *", name="x")
    ncp.overdue(minutes=60 * 24 * 400)
    for _ in range(2):
        assert ncp("_timing-run", task["timingId"]).code == 0
    assert len(found(ncp)) == 1


CHOICES = [
    (("good",), ["good"]),
    (("daily-9am",), ["bad", "good"]),
    (("--status", "failure"), ["bad"]),
    (("--status", "timeout"), []),
    (("daily-9am", "--status", "success"), ["good"]),
    (("--limit", "2"), ["often", "bad"]),
    (("-n", "1"), ["often"]),
    (("--since", "2001-01-01"), ["often", "bad", "good"]),
    (("--since", "2101-01-01"), []),
    (("--since", "2101-01-01T00:00:00+02:00"), []),
]


@pytest.mark.parametrize(("argv", "names"), CHOICES, ids=str)
def test_what_is_asked_for_is_shown(busy: Ncp, argv: tuple[str, ...], names: list[str]) -> None:
    assert [one["taskName"] for one in found(busy, *argv)] == names


def test_since_without_an_offset_means_the_clock_of_the_machine(busy: Ncp) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    assert found(busy, "--since", now.isoformat()) != []  # Berlin is ahead of UTC
    assert found(busy, "--since", f"{now.isoformat()}Z") == []


def test_people_see_a_table_on_the_clock_of_the_machine(busy: Ncp) -> None:
    said = busy("schedule", "executions")
    header, first, *_ = said.out.splitlines()
    assert header.split() == ["STARTED", "TASK", "TIMING", "STATUS", "EXIT", "TOOK", "REASON", "ID"]
    assert "CE" in first.split()[3]
    assert "often" in first
    assert "success" in first


def test_no_executions_is_talk_and_empty_json(ncp: Ncp) -> None:
    said = ncp("schedule", "executions")
    assert (said.code, said.out, said.err) == (0, "", "No executions.\n")
    assert found(ncp) == []


REFUSED = [
    (("--status", "good"), 2, "Write one of: planned, running, success"),
    (("--since", "someday"), 2, "--since"),
    (("--limit", "0"), 2, "--limit"),
    (("nobody",), 3, '"nobody"'),
    (("--job-id", "x"), 2, "ncp schedule executions x"),
]


@pytest.mark.parametrize(("argv", "code", "words"), REFUSED, ids=str)
def test_what_cannot_be_asked_is_refused(
    busy: Ncp, argv: tuple[str, ...], code: int, words: str
) -> None:
    said = busy("schedule", "executions", *argv)
    assert (said.code, said.out) == (code, "")
    assert words in said.err
