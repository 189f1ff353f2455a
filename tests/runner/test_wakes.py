"""Whatever wakes a timing, and however often: each slot runs once, and none twice."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ledgers import save, task
from ncp.cron import calendar, expression, intervals, zones
from ncp.cron.masks import encode
from ncp.ledger import record
from ncp.ledger.compiled import CompiledTiming
from ncp.ledger.schema import Transaction
from ncp.process import me
from ncp.runner.claiming import claim

if TYPE_CHECKING:
    from _sqlite3 import Connection
    from pathlib import Path

    from ncp.model import Recurrence

ZONE = "Europe/Berlin"
CHANGES = ("2026-03-28T12:00Z", "2026-10-24T12:00Z")


def recurrences() -> list[Recurrence]:
    plain = [expression.parse(cron) for cron in ("*/30 * * * *", "30 2 * * *", "0 1-4 * * *")]
    spaced = [
        ("* * * * *", 45, "minute", "2026-01-01T00:07Z"),
        ("0 */3 * * *", 2, "day", "2026-01-01"),
    ]
    made = (intervals.spaced(expression.parse(cron), *every) for cron, *every in spaced)  # type: ignore[arg-type]  # a table
    return [*plain, *made]


def compiled(recurrence: Recurrence, since: int) -> CompiledTiming:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    return CompiledTiming(
        id="t",
        identity="t",
        rules=encode(recurrence.rules),
        offsets=zones.transitions(ZONE, start, end),
        every=intervals.compiled(recurrence.every),
        since=since,
    )


def run(book: Connection, timing: CompiledTiming, now: float) -> list[int]:
    """Fire once: what it runs succeeds at once."""
    jobs = claim(book, timing, now, me())
    with Transaction(book):
        for job in jobs:
            record.begin(book, job.id, job.task.id, job.slot)
            record.end(book, job.id, record.SUCCESS, exit_code=0)
    return [job.slot for job in jobs if job.slot is not None]


def wakes(slots: list[int], until: int, chance: random.Random) -> list[float]:
    """A superset of wake-ups in seconds: each slot up to 20 s late, some twice, and many extra."""
    on_time = [slot * 60 + chance.uniform(0, 20) for slot in slots]
    doubled = [at + chance.uniform(0, 30) for at in chance.sample(on_time, len(on_time) // 3)]
    extra = [chance.uniform(slots[0] - 60, until) * 60 for _ in range(60)]
    return sorted([*on_time, *doubled, *extra])


@pytest.mark.parametrize("start", CHANGES)
@pytest.mark.parametrize("recurrence", recurrences(), ids=lambda one: one.text)
def test_any_superset_of_wakes_runs_each_slot_once(
    recurrence: Recurrence, start: str, tmp_path: Path
) -> None:
    chance = random.Random(start + recurrence.text)
    since = zones.minutes(datetime.fromisoformat(start))
    until = since + 2 * 1440
    found = calendar.between(recurrence, ZONE, zones.instant(since), zones.instant(until))
    slots = [zones.minutes(slot) for slot in found]
    timing = compiled(recurrence, since)
    book = save(tmp_path, timing, task("a"), since=since)
    executed = [slot for at in wakes(slots, until, chance) for slot in run(book, timing, at)]
    assert len(slots) > 1
    assert executed == slots


@pytest.mark.parametrize("recurrence", recurrences(), ids=lambda one: one.text)
def test_late_wakes_run_the_newest_slot_and_count_those_they_missed(
    recurrence: Recurrence, tmp_path: Path
) -> None:
    chance = random.Random(recurrence.text)
    since = zones.minutes(datetime.fromisoformat(CHANGES[0]))
    timing = compiled(recurrence, since)
    book = save(tmp_path, timing, task("a", catchup=True), since=since)
    covered, now = since, since
    for _ in range(12):
        now += chance.randint(1, 700)
        between = calendar.between(recurrence, ZONE, zones.instant(covered), zones.instant(now))
        due = [zones.minutes(slot) for slot in between]
        assert run(book, timing, now * 60.0) == due[-1:]
        if due:
            query = "SELECT missed FROM executions WHERE slot = ?"
            assert book.execute(query, (due[-1],)).fetchone() == (len(due) - 1,)
            covered = due[-1]
