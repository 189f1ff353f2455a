"""Which limits are not enforced where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hosts import LINUX
from ncp.host import enforcing
from ncp.model import Limits, Output, System, Task

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """A user manager in a cgroup, with the controllers that it may hand on."""

    def put(group: str, controllers: str) -> None:
        for place in (tmp_path / "user@1.service", tmp_path):
            place.mkdir(exist_ok=True)
            (place / "cgroup.controllers").write_text(f"{controllers}\n")
        monkeypatch.setattr(enforcing, "CGROUPS", (str(tmp_path / "none"), str(tmp_path)))
        monkeypatch.setattr("ncp.host.survey.run", lambda _: Output(0, f"{group}\n", ""))

    return put


@pytest.mark.parametrize(
    ("target", "group", "controllers", "expected"),
    [
        ("systemd", "/user@1.service", "cpu memory pids", "all of its processes together"),
        ("systemd", "/user@1.service", "cpu pids", "its user manager has no memory to hand on"),
        ("systemd", "", "cpu memory pids", "its user manager has no memory to hand on"),
        ("cron", "/user@1.service", "cpu memory pids", "fired by cron it has no cgroup"),
        ("embedded", "/user@1.service", "memory", "fired by embedded it has no cgroup"),
    ],
)
def test_what_a_memory_limit_binds_is_said_for_the_target_that_fires(
    target: str, group: str, controllers: str, expected: str, manager: Callable[[str, str], None]
) -> None:
    manager(group, controllers)
    (said,) = enforcing.memory(Task("t", "t", "t", limits=ALL), LINUX, target)
    assert expected in said


@pytest.mark.parametrize(
    ("limits", "system"), [(None, "linux"), (Limits(nice=1), "linux"), (ALL, "windows")]
)
def test_without_two_meanings_of_a_memory_limit_nothing_is_said(
    limits: Limits | None, system: System
) -> None:
    task = Task("t", "t", "t", limits=limits)
    assert enforcing.memory(task, replace(LINUX, system=system), "cron") == ()
