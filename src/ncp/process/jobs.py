"""Job Objects of Windows: a task's whole tree, its limits and what it used; gone when closed.

From the reference of the Win32 API (jobapi2.h, winnt.h). Tested through its
interface only; no Windows machine has run it in this project.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subprocess import Popen

    from ncp.owners import Usage

SUSPENDED = 0x4  # CREATE_SUSPENDED
BASIC_ACCOUNTING, EXTENDED_LIMITS = 1, 9  # JOBOBJECTINFOCLASS
KILL_ON_CLOSE = 0x2000  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
JOB_MEMORY = 0x200  # JOB_OBJECT_LIMIT_JOB_MEMORY
JOB_TIME = 0x4  # JOB_OBJECT_LIMIT_JOB_TIME
MEGABYTE = 1024 * 1024
TICKS = 10_000_000
"""Times are in units of 100 ns."""


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class Accounting(ctypes.Structure):
    """JOBOBJECT_BASIC_ACCOUNTING_INFORMATION."""

    _fields_ = (
        ("TotalUserTime", ctypes.c_int64),
        ("TotalKernelTime", ctypes.c_int64),
        ("ThisPeriodTotalUserTime", ctypes.c_int64),
        ("ThisPeriodTotalKernelTime", ctypes.c_int64),
        ("TotalPageFaultCount", ctypes.c_uint32),
        ("TotalProcesses", ctypes.c_uint32),
        ("ActiveProcesses", ctypes.c_uint32),
        ("TotalTerminatedProcesses", ctypes.c_uint32),
    )


def wanted(limits: tuple[int, ...]) -> ExtendedLimits:
    """Say what a job shall hold its processes to: memory in MB, CPU seconds, 0 for none."""
    memory, seconds, _ = limits or (0, 0, 0)
    found = ExtendedLimits()
    found.BasicLimitInformation.LimitFlags = KILL_ON_CLOSE
    if memory:
        found.BasicLimitInformation.LimitFlags |= JOB_MEMORY
        found.JobMemoryLimit = memory * MEGABYTE
    if seconds:
        found.BasicLimitInformation.LimitFlags |= JOB_TIME
        found.BasicLimitInformation.PerJobUserTimeLimit = seconds * TICKS
    return found


class JobObject:
    """A job around one process that was started suspended, and around all that it will start."""

    def __init__(self, limits: tuple[int, ...], kernel: Any = None, nt: Any = None) -> None:
        self._kernel = _typed(kernel or ctypes.WinDLL("kernel32", use_last_error=True))  # type: ignore[attr-defined,unused-ignore]  # on Windows only
        self._nt = nt or ctypes.WinDLL("ntdll")  # type: ignore[attr-defined,unused-ignore]  # same
        self._job = self._kernel.CreateJobObjectW(None, None)
        information = wanted(limits)
        self._kernel.SetInformationJobObject(
            self._job, EXTENDED_LIMITS, ctypes.byref(information), ctypes.sizeof(information)
        )

    def hold(self, program: Popen[bytes]) -> bool:
        """Take a suspended process in and let it run; False where it could not be taken in."""
        process: int = program._handle  # type: ignore[attr-defined,unused-ignore]  # noqa: SLF001  Popen's only name for it
        try:
            return bool(self._kernel.AssignProcessToJobObject(self._job, process))
        finally:
            self._nt.NtResumeProcess(ctypes.c_void_p(process))

    def usage(self) -> Usage:
        """Tell the peak memory in bytes and the CPU time in microseconds of all that ran in it."""
        limits, times = ExtendedLimits(), Accounting()
        for number, found in ((EXTENDED_LIMITS, limits), (BASIC_ACCOUNTING, times)):
            self._kernel.QueryInformationJobObject(
                self._job, number, ctypes.byref(found), ctypes.sizeof(found), None
            )
        return limits.PeakJobMemoryUsed, (times.TotalUserTime + times.TotalKernelTime) // 10

    def kill(self) -> None:
        """End all that is in it."""
        self._kernel.TerminateJobObject(self._job, 1)

    def close(self) -> None:
        """Let go of it, which ends what is left."""
        if self._job:
            self._kernel.CloseHandle(self._job)
            self._job = None


def _typed(kernel: Any) -> Any:
    """Say that handles are as wide as pointers, which ctypes does not assume."""
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    handle = ctypes.c_void_p
    kernel.SetInformationJobObject.argtypes = (handle, ctypes.c_int, handle, ctypes.c_uint32)
    kernel.QueryInformationJobObject.argtypes = (
        *(handle, ctypes.c_int, handle, ctypes.c_uint32, handle),
    )
    kernel.AssignProcessToJobObject.argtypes = (handle, handle)
    kernel.TerminateJobObject.argtypes = (handle, ctypes.c_uint)
    kernel.CloseHandle.argtypes = (handle,)
    return kernel
