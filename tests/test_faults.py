"""A slice of the campaign that lets everything go wrong at random moments."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import faults
from ledgers import FIRE, once, rows, save, shell
from real import rooms

IN_CI = os.environ.get("CI") == "true"
SLICES = {
    "kill": (8, 20),
    "full": (2, 4),
    "readonly": (1, 2),
    "locked": (3, 3),
    "clock": (1, 4),
}
"""Rounds of each kind: here, and in CI."""
ROOMY = {"full", "readonly", "clock"}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


def campaign(kind: str, count: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, faults.__file__, f"{kind}={count}", "--seed", "8", "--hold", "1.5"],
        env={**os.environ, "PYTHONPATH": str(Path(faults.__file__).parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("kind", SLICES)
def test_what_goes_wrong_loses_nothing_and_repeats_nothing(kind: str) -> None:
    if kind in ROOMY and not faults.can_mount():
        pytest.skip(rooms.obstacle() or "needs unshare(1) from util-linux")
    found = campaign(kind, SLICES[kind][IN_CI])
    assert found["complaints"] == []
    assert found["ended"]["success"] > 0
    assert found["seen"]


def test_fifty_firings_at_once_are_one_execution_of_each_task(tmp_path: Path) -> None:
    script = f'echo "$NCP_TASK_ID" >> "{tmp_path}/starts"; sleep 0.2'
    names = ("a", "b", "c")
    book = save(tmp_path, once(), *(shell(name, script) for name in names))
    firings = [subprocess.Popen([*FIRE, str(tmp_path), "t"]) for _ in range(50)]
    assert {firing.wait(timeout=120) for firing in firings} == {0}
    assert sorted((tmp_path / "starts").read_text().split()) == list(names)
    for name in names:
        (row,) = rows(book, name)
        assert row["status"] == "success"
