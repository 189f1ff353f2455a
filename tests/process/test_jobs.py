"""Job Objects by their interface: the layouts of winnt.h, and the calls in their order."""

from __future__ import annotations

import ctypes
import os
import subprocess
import time
from types import SimpleNamespace
from typing import Any

import pytest

from ncp.process import jobs, windows
from ncp.process.contract import Bounds


class Library:
    """A DLL that notes its calls; each answers 7 unless said otherwise."""

    def __init__(self, calls: list[tuple[Any, ...]], **answers: int) -> None:
        self._calls, self._answers = calls, answers

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> int:
            self._calls.append((name, *arguments))
            if name == "QueryInformationJobObject":
                found = arguments[2]._obj  # noqa: SLF001  what byref() points to
                if arguments[1] == jobs.EXTENDED_LIMITS:
                    found.PeakJobMemoryUsed = 123
                else:
                    found.TotalUserTime, found.TotalKernelTime = 400, 60
            return self._answers.get(name, 7)

        self.__dict__[name] = call
        return call


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the sizes are those of 64 bits")
def test_the_structures_have_the_sizes_of_the_api() -> None:
    sizes = [ctypes.sizeof(one) for one in (jobs.BasicLimits, jobs.ExtendedLimits, jobs.Accounting)]
    assert sizes == [64, 144, 48]


@pytest.mark.parametrize(
    ("limits", "flags", "memory", "ticks"),
    [
        ((), 0x2000, 0, 0),
        ((64, 0, 9), 0x2200, 64 * 1024 * 1024, 0),
        ((0, 10, 0), 0x2004, 0, 100_000_000),
        ((1, 1, 0), 0x2204, 1024 * 1024, 10_000_000),
    ],
)
def test_a_job_ends_with_its_handle_and_has_the_limits(
    limits: tuple[int, ...], flags: int, memory: int, ticks: int
) -> None:
    found = jobs.wanted(limits)
    assert found.BasicLimitInformation.LimitFlags == flags
    assert found.JobMemoryLimit == memory
    assert found.BasicLimitInformation.PerJobUserTimeLimit == ticks


def test_a_process_runs_on_once_it_is_in_the_job() -> None:
    calls: list[tuple[Any, ...]] = []
    job = jobs.JobObject((64, 0, 0), Library(calls), Library(calls))
    program: Any = SimpleNamespace(_handle=99)
    assert job.hold(program)
    assert job.usage() == (123, 46)
    job.kill()
    job.close()
    job.close()
    names = [call[0] for call in calls]
    assert names[:4] == [
        "CreateJobObjectW",
        "SetInformationJobObject",
        "AssignProcessToJobObject",
        "NtResumeProcess",
    ]
    assert names[-2:] == ["TerminateJobObject", "CloseHandle"]
    assert calls[2] == ("AssignProcessToJobObject", 7, 99)
    assert calls[3][1].value == 99


def test_a_process_that_cannot_be_held_runs_all_the_same() -> None:
    calls: list[tuple[Any, ...]] = []
    job = jobs.JobObject((), Library(calls, AssignProcessToJobObject=0), Library(calls))
    program: Any = SimpleNamespace(_handle=99)
    assert not job.hold(program)
    assert calls[-1][0] == "NtResumeProcess"


class FakeJob:
    """Notes what is asked of it."""

    holds = True
    made: list[FakeJob] = []  # noqa: RUF012  emptied by each test

    def __init__(self, limits: tuple[int, ...]) -> None:
        self.said: list[object] = [limits]
        self.made.append(self)

    def hold(self, program: subprocess.Popen[bytes]) -> bool:
        self.program = program
        return self.holds

    def usage(self) -> tuple[int, int]:
        return 5, 6

    def kill(self) -> None:
        self.said.append("kill")
        os.killpg(self.program.pid, 9)

    def close(self) -> None:
        self.said.append("close")


@pytest.fixture
def flags(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Windows' children on this system; the flags that processes are created with."""
    found: list[int] = []
    popen = subprocess.Popen

    def start(argv: Any, *, creationflags: int, **how: Any) -> subprocess.Popen[bytes]:
        found.append(creationflags)
        return popen(argv, start_new_session=True, **how)

    monkeypatch.setattr(FakeJob, "made", [])
    monkeypatch.setattr(windows, "JobObject", FakeJob)
    monkeypatch.setattr(subprocess, "Popen", start)
    return found


def run(*argv: str, kill: bool = False, mark: bool = True) -> windows.Child:
    children = windows.Children()
    env = {"PATH": os.defpath, **({windows.MARK: "x"} if mark else {})}
    child = children.spawn(argv, env, None, bounds=Bounds(0o22, (64, 9, 0)))
    if kill:
        child.kill()
    until = time.monotonic() + 10
    while not child.over:
        assert time.monotonic() < until
        children.wait(1)
    children.close()
    return child


def test_an_execution_is_held_by_a_job_with_its_limits(flags: list[int]) -> None:
    child = run("true")
    (job,) = FakeJob.made
    assert job.said == [(64, 9, 0), "close"]
    assert (child.usage, child.exit_code) == ((5, 6), 0)
    assert flags == [windows.NEW_GROUP | jobs.SUSPENDED]


def test_a_kill_is_for_the_job(flags: list[int]) -> None:
    assert run("sleep", "60", kill=True).exit_code == -9
    assert FakeJob.made[0].said == [(64, 9, 0), "kill", "close"]
    assert len(flags) == 1


def test_what_is_no_execution_outlives_its_parent(flags: list[int]) -> None:
    run("true", mark=False)
    assert FakeJob.made == []
    assert flags == [windows.NEW_GROUP]


def test_without_a_job_the_tree_is_killed_by_its_numbers(
    flags: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeJob, "holds", False)
    monkeypatch.setattr(windows, "_kill_tree", lambda pid: os.killpg(pid, 9))
    child = run("sleep", "60", kill=True)
    assert (child.exit_code, child.usage) == (-9, None)
    assert FakeJob.made[0].said == [(64, 9, 0), "close"]
    assert len(flags) == 1
