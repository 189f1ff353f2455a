from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ncp import doctor, fingerprint
from ncp.api import Schedule
from ncp.doctor import diagnose, machine, overdue, tasks
from ncp.host import enforcing
from ncp.ledger.compiled import set_meta
from ncp.model import Finding, Limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ncp.applying.site import Site

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def schedule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Schedule]:
    """A home with a task every ten minutes, in a machine whose clock says noon."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    made = Schedule(tmp_path / "home")
    made.create_task("*/10 * * * *", ["true"], name="tick", target="embedded")
    set_clock(made.site, NOON)
    yield made
    made.site.ledger.close()
    monkeypatch.undo()
    time.tzset()


def set_clock(site: Site, now: datetime) -> None:
    site.fresh()
    object.__setattr__(site.host, "now", now)


def since(schedule: Schedule, when: datetime) -> None:
    minute = int(when.timestamp()) // 60
    schedule.site.ledger.execute("UPDATE timings SET since = ?", (minute,))


def wake(schedule: Schedule, when: datetime) -> None:
    row = ("every-10min", int(when.timestamp() * 1000), "fired")
    schedule.site.ledger.execute("INSERT OR REPLACE INTO wakes VALUES (?, ?, ?)", row)


def claim(schedule: Schedule, when: datetime) -> None:
    row = ("every-10min", int(when.timestamp()) // 60, 0, "", 0, "")
    schedule.site.ledger.execute("INSERT INTO slots VALUES (?, ?, ?, ?, ?, ?)", row)


def late(schedule: Schedule) -> datetime | None:
    (found,) = overdue.watch(schedule.site)
    return found.overdue


@pytest.mark.parametrize(
    ("minutes_ago", "slot"),
    [(0, None), (9, None), (11, "11:50"), (25, "11:40"), (15, "11:50")],
)
def test_a_new_timing_is_overdue_once_its_first_slot_is_some_minutes_past(
    schedule: Schedule, minutes_ago: int, slot: str | None
) -> None:
    since(schedule, NOON - timedelta(minutes=minutes_ago))
    found = late(schedule)
    assert (found and found.strftime("%H:%M")) == slot


def test_a_slot_that_is_just_past_may_still_come(schedule: Schedule) -> None:
    since(schedule, NOON - timedelta(minutes=9))
    set_clock(schedule.site, NOON + overdue.PATIENCE)
    assert late(schedule) is None
    set_clock(schedule.site, NOON + overdue.PATIENCE + timedelta(seconds=1))
    assert late(schedule) == NOON


@pytest.mark.parametrize("sign", [wake, claim])
def test_a_wake_or_a_claim_since_then_is_enough(schedule: Schedule, sign: object) -> None:
    since(schedule, NOON - timedelta(hours=5))
    assert late(schedule) is not None
    assert callable(sign)
    sign(schedule, NOON - timedelta(minutes=10))
    assert late(schedule) is None


def test_a_wake_from_the_future_counts_for_nothing(schedule: Schedule) -> None:
    since(schedule, NOON - timedelta(hours=5))
    wake(schedule, NOON + timedelta(days=1))
    assert late(schedule) is not None


def test_paused_timings_are_not_expected_to_wake(schedule: Schedule) -> None:
    since(schedule, NOON - timedelta(hours=5))
    schedule.pause("tick")
    assert overdue.watch(schedule.site) == []


def test_what_has_no_ledger_has_not_missed_anything(tmp_path: Path) -> None:
    assert overdue.watch(Schedule(tmp_path / "none").site) == []


def found(site: Site, subject: str) -> list[Finding]:
    return [one for one in doctor.diagnose(site).findings if one.subject == subject]


def test_findings_say_when_a_timing_last_woke(schedule: Schedule) -> None:
    since(schedule, NOON)
    assert found(schedule.site, "every-10min")[0].message == "It has not been due yet."
    wake(schedule, NOON - timedelta(minutes=10))
    (one,) = found(schedule.site, "every-10min")
    assert (one.level, one.message) == ("ok", "It last woke at 2026-11-20 11:50 UTC.")
    since(schedule, NOON - timedelta(hours=5))
    wake(schedule, NOON - timedelta(hours=2))
    (one,) = found(schedule.site, "every-10min")
    assert (one.level, one.mend) == ("warning", "ncp schedule sync")
    assert "due at 2026-11-20 10:10 UTC" in one.message
    assert "the last was 2026-11-20 10:00 UTC" in one.message


@pytest.mark.parametrize(
    ("now", "level"),
    [
        ("1970-01-02", "error"),
        ("2024-12-31", "error"),
        ("2025-01-01", "ok"),
        ("2100-01-01", "error"),
    ],
)
def test_a_clock_in_no_plausible_year_is_an_error(schedule: Schedule, now: str, level: str) -> None:
    set_clock(schedule.site, datetime.fromisoformat(now).replace(tzinfo=UTC))
    (one,) = found(schedule.site, "clock")
    assert one.level == level
    assert (one.mend == "") == (level == "ok")


def test_an_execution_from_the_future_shows_that_the_clock_was_set_back(
    schedule: Schedule,
) -> None:
    schedule.site.ledger.execute(
        "INSERT INTO executions (id, task_id, task_name, timing_id, status, planned_at, boot_id,"
        " pid, pid_start, started_at) VALUES ('x', 't', 't', 'every-10min', 'success', 0, '', 0,"
        " '', ?)",
        (int(time.time() * 1000) + 3_600_000,),
    )
    (one,) = found(schedule.site, "clock")
    assert (one.level, "set back" in one.message) == ("warning", True)


def test_a_zone_that_moved_since_the_last_sync_is_a_warning(
    schedule: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(schedule.site, "zone")[0].level == "ok"
    monkeypatch.setattr(fingerprint, "zone", lambda: "elsewhere")
    assert [one.level for one in found(schedule.site, "zone")] == ["warning"]
    assert found(schedule.site, "zone")[0].mend == "ncp schedule sync"


def test_a_document_that_firings_have_not_taken_up_is_a_warning(schedule: Schedule) -> None:
    assert found(schedule.site, "ledger")[0].level == "ok"
    document = schedule.site.home.schedule
    document.write_text(document.read_text() + "\n")
    (one,) = found(schedule.site, "ledger")
    assert (one.level, one.mend) == ("warning", "ncp schedule sync")


def test_a_change_that_was_interrupted_is_a_warning(schedule: Schedule) -> None:
    assert [one.level for one in found(schedule.site, "entries")] == ["ok"]
    set_meta(schedule.site.ledger, "pending", "1")
    assert [one.level for one in found(schedule.site, "entries")] == ["warning", "ok"]


ONES = (Finding("ok", "", ""), Finding("warning", "", ""), Finding("error", "", ""))


@pytest.mark.parametrize(
    ("ours", "scheduler", "code"),
    [("ok", "ok", 0), ("warning", "warning", 0), ("error", "error", 1), ("ok", "error", 4)],
)
def test_the_exit_code_tells_whose_trouble_it_is(ours: str, scheduler: str, code: int) -> None:
    levels: dict[str, tuple[Finding, ...]] = {one.level: (one,) for one in ONES}
    assert doctor.Diagnosis(levels[ours], levels[scheduler]).exit_code == code


def test_the_interpreter_is_named() -> None:
    (one,) = machine.interpreter(Schedule().site)
    assert one.message.startswith("Python 3.")


@pytest.mark.parametrize("status", ["active", "paused"])
def test_a_limit_that_cannot_be_enforced_is_said_by_create_update_and_doctor(
    schedule: Schedule, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(enforcing.UNKNOWN, "linux", ("memory_mb",))
    said = "limits.memoryMb is not enforced here: Linux has no way to."
    made = schedule.create_task("hourly", ["true"], name="x", limits=Limits(memory_mb=64))
    assert said in made.notes
    assert said in schedule.update_task("x", limits=Limits(memory_mb=65)).notes
    if status == "paused":
        schedule.pause("x")
    mend = f"ncp schedule update {made.task.id} --no-limits"
    expected = [Finding("warning", "x", said, mend)] if status == "active" else []
    assert [*tasks.limits(schedule.site)] == expected


GIB = 1024**3
MIB = 1024**2


@pytest.mark.parametrize(
    ("total", "free", "expected"),
    [
        (100 * GIB, 10 * GIB, []),
        (4000 * GIB, 20 * GIB, []),  # half a percent, which is plenty
        (100 * GIB, 900 * MIB, ["warning"]),
        (1 * GIB, 51 * MIB, []),
        (1 * GIB, 49 * MIB, ["warning"]),
        (100 * MIB, 0, ["warning"]),
    ],
)
def test_a_nearly_full_disk_is_found(
    schedule: Schedule,
    total: int,
    free: int,
    expected: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def usage(path: Path) -> tuple[int, int, int]:
        asked.append(path)
        return total, total - free, free

    monkeypatch.setattr("shutil.disk_usage", usage)
    said = found(schedule.site, "disk")
    assert [one.level for one in said] == expected
    assert asked == [schedule.site.home.path]
    assert all(f"{free // MIB} MB are left" in one.message for one in said)
    assert all(one.mend == "ncp schedule cleanup" for one in said)


def test_what_a_memory_limit_binds_here_is_said_by_create_update_and_doctor(
    schedule: Schedule,
) -> None:
    made = schedule.create_task("hourly", ["true"], name="x", limits=Limits(memory_mb=64))
    (said,) = [note for note in made.notes if "RLIMIT_AS" in note]
    assert "fired by embedded it has no cgroup of its own" in said
    assert said in schedule.update_task("x", limits=Limits(memory_mb=65)).notes
    assert [*tasks.limits(schedule.site)] == [Finding("ok", "x", said)]


def test_a_damaged_ledger_is_found(schedule: Schedule) -> None:
    site = schedule.site
    assert not list(machine.integrity(site))
    for number in range(200):
        site.ledger.execute("INSERT INTO meta VALUES (?, ?)", (f"~ {number:03}", "x" * 500))
    site.ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    site.ledger.close()
    data = site.home.ledger.read_bytes()
    site.home.ledger.write_bytes(data[: -8 * 4096] + b"\x77" * (8 * 4096))
    found = diagnose(Schedule(site.home.path).site).findings
    (one,) = [one for one in found if "The ledger cannot be read" in one.message]
    assert one.level == "error"
    assert "ncp schedule sync" in one.mend
