from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

YEAR = 60 * 24 * 366


def make(ncp: Ncp, name: str = "x", script: str = "echo $NCP_SLOT", **options: str) -> str:
    """A task of every New Year (in Berlin), by the name of its timing."""
    timing: str = ncp.create("0 0 1 1 *", "sh", "-c", script, name=name, **options)["timingId"]
    return timing


def new_year(ago: int = 0) -> str:
    return f"{datetime.now(UTC).year - 1 - ago}-12-31T23:00:00Z"


def catchup(ncp: Ncp, *argv: str) -> dict[str, Any]:
    found: dict[str, Any] = ncp("schedule", "catchup", *argv, "--json").json
    return found


def ran(ncp: Ncp) -> list[tuple[object, ...]]:
    """What is recorded, oldest first."""
    rows = ncp("schedule", "executions", "--json", "-n", "999").json["executions"]
    return [(row["slot"], row["status"]) for row in reversed(rows)]


def test_the_newest_missed_slot_runs_once(ncp: Ncp) -> None:
    make(ncp)
    ncp.overdue(minutes=3 * YEAR)
    (one,) = catchup(ncp, "x")["executions"]
    assert (one["slot"], one["status"], one["attempt"]) == (new_year(), "success", 1)
    assert one["reason"] == "caught up by hand"
    assert catchup(ncp)["executions"] == []
    assert "Nothing was missed." in ncp("schedule", "catchup").err
    assert ran(ncp) == [(new_year(), "success")]


def test_all_of_it_runs_oldest_first_with_its_own_slot(ncp: Ncp) -> None:
    make(ncp)
    ncp.overdue(minutes=3 * YEAR)
    said = ncp("schedule", "catchup", "--all")
    slots = [new_year(2), new_year(1), new_year()]
    assert [line for line in said.out.splitlines() if line[:2] == "20"] == slots
    assert ran(ncp) == [(slot, "success") for slot in slots]
    assert catchup(ncp, "--all")["missed"] == []


def test_a_limit_takes_the_newest_and_says_how_many_are_older(ncp: Ncp) -> None:
    make(ncp)
    ncp.overdue(minutes=5 * YEAR)
    done = catchup(ncp, "--all", "--limit", "2")
    assert [one["slot"] for one in done["executions"]] == [new_year(1), new_year()]
    assert done["leftOut"] == 3


def test_a_dry_run_lists_and_runs_nothing(ncp: Ncp) -> None:
    timing = make(ncp)
    ncp.overdue(minutes=2 * YEAR)
    done = catchup(ncp, "--all", "--dry-run")
    assert [one["slot"] for one in done["missed"]] == [new_year(1), new_year()]
    assert done["executions"] == []
    said = ncp("schedule", "catchup", "--dry-run").out
    assert said.splitlines()[0].split() == ["SLOT", "TASK", "TIMING"]
    assert timing in said
    assert ran(ncp) == []


def test_what_a_firing_skipped_because_it_was_late_can_run(ncp: Ncp) -> None:
    timing = make(ncp)
    ncp("schedule", "update", "x", "--no-catchup-missed")
    ncp.overdue(minutes=2 * YEAR)
    ncp("_timing-run", timing)
    assert ran(ncp) == [(new_year(), "skipped")]
    assert catchup(ncp, "x")["executions"][0]["slot"] == new_year()
    assert ran(ncp) == [(new_year(), "success")]


def test_a_firing_after_it_runs_only_who_has_not_run(ncp: Ncp) -> None:
    timing = make(ncp)
    make(ncp, "y")
    ncp.overdue(minutes=2 * YEAR)
    catchup(ncp, "x")
    ncp("_timing-run", timing)
    rows = ncp("schedule", "executions", "--json").json["executions"]
    assert sorted((row["taskName"], row["slot"]) for row in rows) == [
        ("x", new_year()),
        ("y", new_year()),
    ]


def test_what_ran_later_than_a_missed_slot_is_not_undone_by_it(ncp: Ncp) -> None:
    timing = make(ncp)
    ncp.overdue(minutes=3 * YEAR)
    ncp("_timing-run", timing)
    assert catchup(ncp, "x")["missed"] == []
    assert [one["slot"] for one in catchup(ncp, "x", "--all")["executions"]] == [
        new_year(2),
        new_year(1),
    ]
    assert ncp("_timing-run", timing).code == 0
    assert len(ran(ncp)) == 3


def test_what_retention_has_removed_is_not_run_again(ncp: Ncp) -> None:
    make(ncp)
    ncp.overdue(minutes=4 * YEAR)
    catchup(ncp, "--all")
    ncp("schedule", "cleanup", "--max-per-task", "1")
    assert catchup(ncp, "--all")["missed"] == []


def test_a_task_runs_no_more_often_than_it_may_and_is_completed(ncp: Ncp) -> None:
    ncp.create("0 0 1 1 *", name="x")
    ncp("schedule", "update", "x", "--max-executions", "2")
    ncp.overdue(minutes=4 * YEAR)
    assert len(catchup(ncp, "--all")["executions"]) == 2
    assert ncp("schedule", "get", "x", "--json").json["status"] == "completed"


def test_a_failure_is_the_exit_code(ncp: Ncp) -> None:
    make(ncp, script="exit 3")
    ncp.overdue(minutes=YEAR)
    said = ncp("schedule", "catchup", "x")
    assert said.code == 1
    assert "failure" in said.out


def test_what_still_runs_is_left_alone(ncp: Ncp) -> None:
    make(ncp, script="echo on; exec sleep 60", env="A=b")
    ncp.overdue(minutes=YEAR)
    with ncp.running("schedule", "run", "x") as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "on\n"
        assert catchup(ncp, "x")["executions"] == []
        program.terminate()


def test_an_empty_home_has_missed_nothing(ncp: Ncp) -> None:
    assert catchup(ncp) == {
        "dryRun": False,
        "missed": [],
        "leftOut": 0,
        "held": 0,
        "executions": [],
    }
    assert not (ncp.home / "state.db").exists()


def test_what_is_paused_misses_nothing(ncp: Ncp) -> None:
    make(ncp)
    ncp("schedule", "pause", "x")
    said = ncp("schedule", "catchup", "x")
    assert said.code == 2
    assert "ncp schedule run" in said.err
    assert catchup(ncp)["missed"] == []


@pytest.mark.parametrize(("argv", "code"), [(("nobody",), 3), (("--limit", "0"), 2)], ids=str)
def test_what_cannot_be_meant_is_refused(ncp: Ncp, argv: tuple[str, ...], code: int) -> None:
    make(ncp)
    assert ncp("schedule", "catchup", *argv).code == code


def test_what_lies_outside_active_hours_was_not_missed(ncp: Ncp) -> None:
    make(ncp)
    ncp("schedule", "update", "x", "--active-hours", "01:00-23:00")
    ncp.overdue(minutes=3 * YEAR)
    assert catchup(ncp, "--all")["missed"] == []
    ncp("schedule", "update", "x", "--active-hours", "00:00-00:01")
    ncp.overdue(minutes=0)
    done = catchup(ncp, "--all", "--limit", "1", "--dry-run")
    assert ([one["slot"] for one in done["missed"]], done["leftOut"]) == ([new_year()], 2)


def test_what_its_order_refused_was_not_missed(ncp: Ncp) -> None:
    timing = make(ncp, "first", "exit 1")
    make(ncp, "second", after="first")
    make(ncp, "third", after="second")
    make(ncp, "other", after="first:failure")
    ncp.overdue(minutes=2 * YEAR)
    ncp("_timing-run", timing)
    assert sorted(str(status) for _, status in ran(ncp)) == [
        "failure",
        "skipped",
        "skipped",
        "success",
    ]
    assert catchup(ncp)["missed"] == []
    assert {one["slot"] for one in catchup(ncp, "--all", "--dry-run")["missed"]} == {new_year(1)}


def hours(*, begin: int) -> str:
    """Half an hour of each day, as `--active-hours`, that begins in so many minutes."""
    start = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(minutes=begin)
    return f"{start:%H:%M}-{start + timedelta(minutes=30):%H:%M}"


def test_what_may_not_start_now_stays_missed(ncp: Ncp) -> None:
    ncp.create("* * * * *", name="x", **{"active-hours": hours(begin=120)})
    ncp.overdue(minutes=3 * 24 * 60)
    said = ncp("schedule", "catchup", "x")
    assert ran(ncp) == []
    assert "still are missed" in said.err
    (one,) = catchup(ncp, "x", "--dry-run")["missed"]
    ncp("schedule", "update", "x", "--active-hours", hours(begin=-15))
    ncp.overdue(minutes=0)
    assert len(catchup(ncp, "x")["executions"]) == 1
    assert one["taskName"] == "x"


def test_a_slot_in_which_nothing_comes_of_what_is_awaited_stays_missed(ncp: Ncp) -> None:
    """The newest of x is a later one than the newest of y, for which it would wait."""
    ncp.create("* * * * *", name="x")
    ncp.create("* * * * *", name="y", **{"active-hours": hours(begin=-120), "after": "x"})
    ncp.create("* * * * *", name="z", **{"active-hours": hours(begin=-120), "after": "y"})
    ncp.overdue(minutes=24 * 60)
    done = catchup(ncp, "--dry-run")
    assert ([one["taskName"] for one in done["missed"]], done["held"]) == (["x"], 2)
    assert "which do not run in them: 2; see --all" in ncp("schedule", "catchup", "--dry-run").err
    assert "which do not run in them: 1" in ncp("schedule", "catchup", "y").err
    everything = catchup(ncp, "--all", "--limit", "2000", "--dry-run")
    assert {one["taskName"] for one in everything["missed"]} == {"x", "y", "z"}
    assert everything["held"] == 0
