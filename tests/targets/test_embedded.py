"""The target that installs nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hosts import LINUX, WINDOWS, timing
from ncp import compiler
from ncp.model import Changes, Host, Observed, Recurrence, Survey, Timing
from ncp.targets.embedded import TARGET

ONCE = Timing("once", "Once", Recurrence(at=datetime(2026, 12, 24, 7, 30, tzinfo=UTC)))


@pytest.mark.parametrize("of", [ONCE, timing("0 9 L * 1#2", zone="America/New_York")])
def test_every_timing_is_exact_and_leaves_nothing_behind(of: Timing) -> None:
    artifact = compiler.compile_timing(of, "embedded", LINUX)
    assert (artifact.exactness, artifact.extra_per_day) == ("exact", 0.0)
    assert (artifact.files, artifact.load, artifact.unload) == ((), (), ())


def test_there_are_no_entries_and_no_steps() -> None:
    artifact = TARGET.emit(ONCE, LINUX)
    assert TARGET.wanted([artifact], LINUX) == ()
    assert TARGET.found(Observed(), LINUX) == ()
    assert TARGET.deploy(Changes(), Observed(), LINUX) == ()


def test_it_can_always_be_used() -> None:
    got = TARGET.available(Observed(), LINUX)
    assert (got.usable, got.reason) == (True, "ncp daemon run fires it")


@pytest.mark.parametrize(
    ("host", "lock"),
    [(LINUX, f"{LINUX.home}/daemon.lock"), (WINDOWS, f"{WINDOWS.home}\\daemon.lock")],
)
def test_the_doctor_looks_for_a_daemon(host: Host, lock: str) -> None:
    assert TARGET.survey(host) == Survey(locks=(lock,))
    (running,) = TARGET.diagnose(Observed(held=frozenset({lock})), host)
    assert running.level == "ok"
    (missing,) = TARGET.diagnose(Observed(), host)
    assert (missing.level, missing.mend) == ("warning", "ncp daemon run")
