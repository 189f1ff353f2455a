from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts import LINUX, timing
from ncp import proof
from ncp.cron import expression
from ncp.errors import SchedulerError
from ncp.model import DAYS_IN_CYCLE, Artifact, Proof, Recurrence, Rule, Timing
from ncp.targets.contract import Wakes
from targets.expressions import random_crons, wake_ups

ONCE = datetime(2026, 12, 24, 7, 30, tzinfo=UTC)
YEARLY = Rule((30,), (8,), (24,), (12,), None, "wall")
"""The one-off on the wall clock of Berlin, without its year."""


def rules(cron: str) -> tuple[Rule, ...]:
    return expression.parse(cron).rules


def artifact(cron: str, zone: str | None = None) -> Artifact:
    return Artifact("cron", timing(cron, zone=zone), ())


def once() -> Artifact:
    return Artifact("cron", Timing("once", "Once", Recurrence(at=ONCE)), ())


def claim(found: Proof) -> tuple[str, float]:
    return found.exactness, found.extra_per_day


@pytest.mark.parametrize(
    ("due", "wakes", "exactness", "extra", "missed"),
    [
        ("0 9 * * *", "0 9 * * *", "exact", 0, False),
        ("0 9 * * *", "0 9,10 * * *", "guarded", 1, False),
        ("0 9 * * *", "0 * * * *", "guarded", 23, False),
        ("0 9 * * *", "* * * * *", "guarded", 1439, False),
        ("0 9 1 * *", "0 9 * * *", "guarded", 0.97, False),
        ("0 9 L * *", "0 9 28-31 * *", "guarded", 0.08, False),
        ("0 9 * * 1#2", "0 9 * * 1", "guarded", 0.11, False),
        ("0 9 13 * 5", "0 9 * * *", "guarded", 0.83, False),
        ("0 9,10 * * *", "0 9 * * *", "guarded", -1, True),
        ("0 9 * * *", "0 10 * * *", "guarded", 0, True),
        ("0 9 29 2 *", "0 9 28 2 *", "guarded", 0, True),
        ("0 9 L * *", "0 9 30,31 * *", "guarded", 0.02, True),
    ],
)
def test_two_sets_of_minutes_are_compared(
    due: str, wakes: str, exactness: str, extra: float, missed: bool
) -> None:
    found = proof.compare(rules(due), rules(wakes))
    assert (found.exactness, found.extra_per_day) == (exactness, extra)
    assert (found.missed > 0) is missed


def test_rules_of_no_wake_at_all_miss_everything() -> None:
    found = proof.compare(rules("* * * * *"), [])
    assert (found.due, found.wakes) == (DAYS_IN_CYCLE * 1440, 0)
    assert found.missed > 0


@pytest.mark.parametrize("seed", range(6))
def test_the_count_of_due_minutes_is_that_of_walking_the_calendar(seed: int) -> None:
    start = datetime(2000, 1, 1, tzinfo=UTC)
    for cron in random_crons(Random(seed), 3):
        sparse = " ".join(["7", "3", *cron.split()[2:]])
        walked = wake_ups(rules(sparse), start, 15_000)
        cycle = proof.compare(rules(sparse), rules(sparse))
        per_year = cycle.due / 400
        assert cycle.exactness == "exact"
        assert len(walked) == pytest.approx(per_year * 40, rel=0.05, abs=8), sparse


@given(st.integers(0, 10_000))
def test_a_proof_finds_a_rule_that_was_dropped_and_one_that_was_added(seed: int) -> None:
    due, other = (rules(cron) for cron in random_crons(Random(seed), 2))
    wider = proof.compare(due, [*due, *other])
    narrower = proof.compare([*due, *other], due)
    assert wider.missed == 0
    assert narrower.due == wider.wakes
    assert (narrower.missed == 0) == (wider.exactness == "exact")


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([Wakes(rules("0 9 * * 1"))], ("exact", 0)),
        ([Wakes(rules("0 9 * * *"))], ("guarded", 0.86)),
        ([Wakes(rules("0 9 * * 1")), Wakes(rules("0 9,10 * * 1"))], ("guarded", 0.14)),
        ([Wakes(rules("0 9 * * 1"), zone="Europe/Berlin")], ("exact", 0)),
    ],
)
def test_the_claim_is_that_of_the_worst_reading(
    readings: list[Wakes], expected: tuple[str, float]
) -> None:
    assert claim(proof.prove(artifact("0 9 * * 1"), readings, LINUX)) == expected


def test_one_missed_minute_in_one_reading_is_an_error() -> None:
    good = Wakes(rules("0 9 * * 1"))
    bad = Wakes((Rule((0,), (9,), tuple(range(2, 32)), None, (1,), "wall"),), reading="rumour")
    with pytest.raises(SchedulerError, match="rumour reading") as caught:
        proof.prove(artifact("0 9 * * 1"), [good, bad], LINUX)
    assert caught.value.where == "cron: weekdays-9am"
    assert "0 9 * * 1 " in caught.value.what


@pytest.mark.parametrize(
    ("zone", "wakes", "exactness"),
    [
        ("America/New_York", Wakes(rules("0 9 * * *"), zone="America/New_York"), "exact"),
        ("America/New_York", Wakes(rules("0 14,15 * * *")), "guarded"),
        ("Europe/Paris", Wakes(rules("0 9 * * *")), "exact"),
        ("Africa/Lagos", Wakes(rules("0 9,10 * * *")), "guarded"),
        ("Africa/Lagos", Wakes((), utc=rules("0 8 * * *")), "exact"),
    ],
)
def test_an_artifact_of_another_zone_is_exact_where_the_minutes_are_the_same(
    zone: str | None, wakes: Wakes, exactness: str
) -> None:
    found = proof.prove(artifact("0 9 * * *", zone), [wakes], LINUX)
    assert found.exactness == exactness


@pytest.mark.parametrize(
    ("zone", "wakes"),
    [
        (None, Wakes(rules("0 9 * * *"), zone="America/New_York")),
        ("America/New_York", Wakes(rules("0 9 * * *"))),
        ("America/New_York", Wakes(rules("0 15 * * *"))),
        ("Africa/Lagos", Wakes(rules("0 9 * * *"))),
        (None, Wakes((), utc=rules("0 8 * * *"))),
        (None, Wakes((), utc=rules("0 7 * * *"))),
    ],
)
def test_a_wrong_zone_is_an_error(zone: str | None, wakes: Wakes) -> None:
    with pytest.raises(SchedulerError, match="would miss due minutes"):
        proof.prove(artifact("0 9 * * *", zone), [wakes], LINUX)


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        ([Wakes((), instants=("2026-12-24T07:30Z",))], ("exact", 0)),
        ([Wakes((YEARLY,))], ("guarded", 0)),
        ([Wakes((YEARLY,), instants=("2026-12-24T07:30Z",))], ("guarded", 0)),
        ([Wakes(rules("30 8 * * *"))], ("guarded", 1)),
        ([Wakes(rules("30 7 * 12 *"), zone="UTC")], ("guarded", 0.08)),
        ([Wakes((), instants=("2026-12-24T07:30Z",)), Wakes((YEARLY,))], ("guarded", 0)),
    ],
)
def test_a_one_off_is_exact_where_the_scheduler_knows_the_year(
    readings: list[Wakes], expected: tuple[str, float]
) -> None:
    assert claim(proof.prove(once(), readings, LINUX)) == expected


@pytest.mark.parametrize(
    "wakes",
    [
        Wakes(()),
        Wakes((), instants=("2026-12-24T07:31Z",)),
        Wakes(rules("30 7 24 12 *")),
        Wakes((YEARLY,), zone="UTC"),
    ],
)
def test_a_one_off_that_would_be_missed_is_an_error(wakes: Wakes) -> None:
    with pytest.raises(SchedulerError, match="would miss due minutes of 2026-12-24T07:30Z"):
        proof.prove(once(), [wakes], LINUX)
