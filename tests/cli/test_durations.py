"""How long things took, where the clock of the machine is set meanwhile."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli.conftest import Ncp

HERE = Path(__file__).parent.parent
HOUR = 3600
STEPS = (HOUR, -HOUR, 20 * 24 * HOUR, 0)

pytestmark = pytest.mark.skipif(not shutil.which("cc"), reason="cc compiles what steps the clock")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("clock") / "stepclock.so"
    source = HERE / "stepclock.c"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", made, source], check=True)
    return made


def stepped(ncp: Ncp, library: Path, *argv: str) -> None:
    """Run a command whose clock is the one of the library."""
    clock = {"LD_PRELOAD": str(library), "STEP_FILE": str(ncp.user_home / "step")}
    subprocess.run(
        ncp.program(*argv), env={**ncp.environment, **clock}, check=False, capture_output=True
    )


def stepping(ncp: Ncp, seconds: int, more: str = "") -> tuple[str, ...]:
    """A command that sets the clock and goes on for a moment."""
    script = f"sleep 0.3; echo {seconds} >{ncp.user_home}/step; sleep 0.3; {more}"
    return ("sh", "-c", script)


def last(ncp: Ncp) -> dict[str, Any]:
    found: dict[str, Any] = ncp("schedule", "show", "x", "--json").json
    return found


@pytest.mark.parametrize("seconds", STEPS)
@pytest.mark.parametrize("how", ["run", "fire"])
def test_a_task_took_as_long_as_it_did(ncp: Ncp, library: Path, seconds: int, how: str) -> None:
    task = ncp.create("0 0 1 1 *", *stepping(ncp, seconds), name="x")
    ncp.overdue(60 * 24 * 400)
    begun, at = time.monotonic(), time.time()
    words = ("schedule", "run", "x") if how == "run" else ("_timing-run", task["timingId"])
    stepped(ncp, library, *words)
    most = 1000 * (time.monotonic() - begun)
    ran = last(ncp)
    assert 600 <= ran["durationMs"] < most
    with sqlite3.connect(ncp.home / "state.db") as book:
        ((started, ended),) = book.execute("SELECT started_at, ended_at FROM executions")
    book.close()
    assert ended - started == ran["durationMs"]
    assert abs(started / 1000 - at) < 30, "the start is that of the clock"
    (stats,) = ncp("schedule", "stats", "--json").json["statistics"]
    assert stats["durationMs"] == {"p50": ran["durationMs"], "p95": ran["durationMs"]}


@pytest.mark.parametrize("seconds", [HOUR, -HOUR])
def test_steps_and_hooks_took_as_long_as_they_did(ncp: Ncp, library: Path, seconds: int) -> None:
    home = ncp.user_home
    (home / "long").write_text(stepping(ncp, seconds)[2])
    (home / "told.sh").write_text(
        f"echo $NCP_DURATION_SECONDS >{home}/told; sleep 0.2; echo 0 >{home}/step; sleep 0.2"
    )
    words = ("--step", f"sh {home}/long", "--step", "true", "--on-success", f"sh {home}/told.sh")
    said = ncp("schedule", "create", "daily", "--name", "x", *words)
    assert said.code == 0, said.err
    stepped(ncp, library, "schedule", "run", "x")
    ran = last(ncp)
    first, second = (step["durationMs"] for step in ran["steps"])
    assert 600 <= first < 3000
    assert second < 1500
    assert 400 <= ran["hook"]["durationMs"] < 3000
    assert first + second <= ran["durationMs"] + 1
    assert float((ncp.user_home / "told").read_text()) == ran["durationMs"] / 1000


def test_how_long_a_task_ran_whose_runner_died_is_not_made_up(ncp: Ncp) -> None:
    ncp.create("hourly", "sleep", "60", name="x")
    with ncp.running("schedule", "run", "x") as program:
        until = time.monotonic() + 20
        while "running" not in ncp("schedule", "executions").out and time.monotonic() < until:
            time.sleep(0.1)
        program.kill()
    time.sleep(1)
    ran = last(ncp)
    assert (ran["status"], ran["durationMs"]) == ("interrupted", None)
    (stats,) = ncp("schedule", "stats", "--json").json["statistics"]
    assert stats["statuses"] == {"interrupted": 1}
    assert stats["durationMs"] == {"p50": None, "p95": None}
    assert ncp("doctor", "--fix").code in {0, 1}  # which ends what the runner has left
