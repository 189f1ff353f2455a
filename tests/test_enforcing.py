"""Which limits are not enforced where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hosts import LINUX
from ncp.host import enforcing
from ncp.model import Limits, System, Task

ALL = Limits(memory_mb=64, cpu_seconds=1, open_files=9, nice=5)


def said(limits: Limits | None, system: System, uid: int = 1000) -> list[str]:
    task = Task(id="t", name="t", timing_id="t", limits=limits)
    return [gap.split()[0] for gap in enforcing.gaps(task, replace(LINUX, system=system, uid=uid))]


@pytest.mark.parametrize(
    ("limits", "system", "uid", "expected"),
    [
        (None, "darwin", 1000, []),
        (ALL, "linux", 1000, []),
        (ALL, "darwin", 1000, ["memoryMb"]),
        (ALL, "windows", 1000, ["openFiles", "nice"]),
        (Limits(open_files=9), "windows", 1000, ["openFiles"]),
        (Limits(nice=-1), "linux", 1000, ["nice"]),
        (Limits(nice=-1), "linux", 0, []),
    ],
)
def test_what_a_system_cannot_enforce_is_said(
    limits: Limits | None, system: System, uid: int, expected: list[str]
) -> None:
    assert said(limits, system, uid) == [f"limits.{key}" for key in expected]
