"""The simulation around clock changes against each real minute, and tables worked out by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

import pytest

import minutes
from hosts import LINUX, timing
from ncp import proof
from ncp.cron import expression
from ncp.cron import zones as clocks
from ncp.errors import SchedulerError
from ncp.model import Artifact, Rule
from ncp.proof import changes
from ncp.proof.days import parts
from ncp.targets import zones
from ncp.targets.contract import FOLLOWS, UNSURE, AtChanges, Wakes
from targets.expressions import random_crons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.model import Follows

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Europe/Dublin",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Africa/Cairo",
    "America/Santiago",
    "Antarctica/Troll",
    "Pacific/Chatham",
    "America/Havana",
)
SPRING, AUTUMN = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
SKIPS = AtChanges("skipped", frozenset({"first"}))
SECOND = AtChanges("skipped", frozenset({"second"}))


def offsets(zone: str) -> zones.Offsets:
    return zones.offsets(zone, *zones.period(LINUX.now))


def simulated(cron: str, zone: str, how: AtChanges | None, low: int, high: int) -> list[int]:
    kinds = [(parts([rule]), how or FOLLOWS[rule.follows]) for rule in expression.parse(cron).rules]
    found = changes._instants(kinds, offsets(zone), low, high)  # noqa: SLF001  the simulation itself
    return [low + bit for bit in range(high - low) if found >> bit & 1]


@pytest.mark.parametrize("zone", ZONES)
def test_what_is_due_around_each_change_is_what_the_minutes_say(zone: str) -> None:
    source = Random(zone)
    for moment, _ in offsets(zone)[1:5]:
        for cron in random_crons(source, 6):
            often = " ".join([*cron.split()[:2], "*", "*", cron.split()[4]])
            low, high = moment - 150, moment + 150
            slots = minutes.due(
                expression.parse(often), zone, clocks.instant(low), clocks.instant(high)
            )
            assert simulated(often, zone, None, low, high) == [*map(clocks.minutes, slots)], often


@pytest.mark.parametrize(
    ("how", "moment", "expected"),
    [
        (FOLLOWS["wall"], SPRING, [-30, 0]),
        (FOLLOWS["wall"], AUTUMN, [-90, -30, 90]),
        (FOLLOWS["elapsed"], SPRING, [-30, 30]),
        (FOLLOWS["elapsed"], AUTUMN, [-90, -30, 30, 90]),
        (SKIPS, SPRING, [-30, 30]),
        (SKIPS, AUTUMN, [-90, -30, 90]),
        (SECOND, AUTUMN, [-90, 30, 90]),
        (UNSURE, AUTUMN, [-90, 90]),
    ],
)
def test_a_scheduler_wakes_as_it_is_documented(
    how: AtChanges, moment: datetime, expected: list[int]
) -> None:
    """Minutes before and after the change of Berlin's clock at which half past wakes."""
    at = clocks.minutes(moment)
    hours = "1-2" if how == FOLLOWS["wall"] and moment == SPRING else "1-3"
    found = simulated(f"30 {hours} * * *", "Europe/Berlin", how, at - 100, at + 100)
    assert [minute - at for minute in found] == expected


def artifact(cron: str, zone: str | None = None) -> Artifact:
    return Artifact("cron", timing(cron, zone=zone), ())


def rules(cron: str) -> tuple[Rule, ...]:
    return expression.parse(cron).rules


SKIPPING: Mapping[Follows, AtChanges] = {"wall": SKIPS, "elapsed": SKIPS}


@pytest.mark.parametrize("cron", ["30 2 * * *", "*/30 * * * *", "30 2 L * *", "0 */2 * * 0"])
def test_a_scheduler_that_sleeps_through_a_change_is_refused(cron: str) -> None:
    with pytest.raises(SchedulerError, match="would miss due minutes"):
        proof.prove(artifact(cron), [Wakes(rules(cron), at_changes=SKIPPING)], LINUX)


@pytest.mark.parametrize(
    "cron", ["30 1 * * *", "*/30 9-17 * * *", "30 2 * * 1-6", "0,30 2-3 * * *"]
)
def test_a_scheduler_that_sleeps_through_nothing_that_is_due_is_not(cron: str) -> None:
    found = proof.prove(artifact(cron), [Wakes(rules(cron), at_changes=SKIPPING)], LINUX)
    assert (found.exactness, found.late) == ("exact", 0)


def at_jumps(*, until: int = 2040, later: int = 0) -> tuple[str, ...]:
    pairs = zip(offsets("Europe/Berlin"), offsets("Europe/Berlin")[1:], strict=False)
    moments = [clocks.instant(at + later) for (_, before), (at, after) in pairs if after > before]
    return tuple(f"{at:%Y-%m-%dT%H:%MZ}" for at in moments if at.year < until)


@pytest.mark.parametrize(
    ("instants", "exactness"),
    [
        (at_jumps(), "exact"),
        (at_jumps(later=1), "guarded"),
        ((*at_jumps(), "2026-03-29T01:01Z"), "guarded"),
        ((*at_jumps(), "2026-07-01T12:00Z"), "guarded"),
        (at_jumps(until=2039), None),
        (at_jumps(later=2), None),
        (at_jumps(later=-1), None),
    ],
)
def test_dated_wake_ups_must_be_there_for_every_change_and_nothing_else(
    instants: tuple[str, ...], exactness: str | None
) -> None:
    wakes = Wakes(rules("30 2 * * *"), instants=instants, at_changes=SKIPPING)
    if exactness is None:
        with pytest.raises(SchedulerError, match="would miss due minutes"):
            proof.prove(artifact("30 2 * * *"), [wakes], LINUX)
        return
    assert proof.prove(artifact("30 2 * * *"), [wakes], LINUX).exactness == exactness


@pytest.mark.parametrize(
    ("cron", "how", "late"),
    [
        ("30 2 * * *", SECOND, 24 * 60 - 30),
        ("*/15 * * * *", SECOND, 60),
        ("*/15 * * * *", SKIPS, 60),
        ("*/15 * * * *", UNSURE, 120),
        ("*/15 * * * *", FOLLOWS["elapsed"], 0),
        ("30 9 * * *", UNSURE, 0),
    ],
)
def test_a_scheduler_that_cannot_do_better_says_how_late_it_is(
    cron: str, how: AtChanges, late: int
) -> None:
    both: Mapping[Follows, AtChanges] = {"wall": how, "elapsed": how}
    wakes = Wakes(rules(cron), at_changes=both, late=True)
    found = proof.prove(artifact(cron), [wakes], LINUX)
    assert (found.late, found.exactness) == (late, "exact")


def test_even_then_a_slot_that_never_gets_a_wake_up_is_refused() -> None:
    wakes = Wakes(rules("30 2 29 3 *"), at_changes=SKIPPING, late=True)
    with pytest.raises(SchedulerError, match="would miss due minutes"):
        proof.prove(artifact("30 2 29 3 *"), [wakes], LINUX)


def test_lines_in_utc_have_no_changes_to_sleep_through() -> None:
    wakes = Wakes((), utc=rules("*/20 * * * *"), at_changes=SKIPPING)
    assert proof.prove(artifact("*/20 * * * *"), [wakes], LINUX).exactness == "exact"
    with pytest.raises(SchedulerError, match="would miss due minutes"):
        proof.prove(artifact("*/20 * * * *", "Australia/Lord_Howe"), [wakes], LINUX)
