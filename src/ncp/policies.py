"""Whether and when a task starts: decisions on plain values, for the path of a firing."""

from __future__ import annotations

SKIP, QUEUE, REPLACE, ALLOW = "skip", "queue", "replace", "allow"
CAUSES = {"failure": 1, "timeout": 2, "both": 3}
"""What a task may be tried again for, as bits."""
ENDINGS = {"success": ("success",), "failure": ("failure", "timeout", "interrupted")}
"""What a task that others wait for may have ended as; what was skipped has not begun."""
PRIORITIES = ("critical", "high", "medium", "low")
"""First started first."""
NICENESS = (-10, -5, 0, 10)
"""How much nicer than its runner a task of each priority is."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEARLY = 0.75
"""The kernel counts in ticks for a limit: a second of it was 0.82 s in the record when measured."""
KILL, XCPU = 9, 24
"""Signals, by their numbers on Linux and macOS."""
DAY = 1440
EPOCH_WEEKDAY = 4  # 1970-01-01 was a Thursday
MEDIUM = PRIORITIES.index("medium")


def admits(overlap: str, *, running: bool, waiting: bool) -> bool:
    """Tell whether an execution may be planned while others of its task run or wait to start."""
    if overlap == ALLOW:
        return True
    if waiting:
        return False  # one is enough: it starts as soon as it may
    return not running or overlap in {QUEUE, REPLACE}


def waits(overlap: str) -> bool:
    """Tell whether an execution waits for others of its task to be over."""
    return overlap != ALLOW


def retry_delay(retries: tuple[int, ...], attempt: int, status: str) -> float | None:
    """Say how many seconds after an attempt the next one comes; None: there is none.

    `retries` is empty, or (most, first delay and longest delay in milliseconds,
    growth of the delay in percent, sum of the CAUSES to act on).
    """
    if not retries:
        return None
    most, delay, longest, percent, causes = retries
    if attempt > most or not causes & CAUSES.get(status, 0):
        return None
    for _ in range(attempt - 1):
        delay = min(delay * percent // 100, longest)
    return min(delay, longest) / 1000


def limit_hit(
    limits: tuple[int, ...],
    end: tuple[int | None, int | None],
    used: float,
    *,
    starved: bool,
) -> str | None:
    """Say which limit ended a program, by its exit code and signal and the CPU seconds it used.

    `limits` are memory in MB, CPU seconds and files, 0 for none. What a shell
    waited for shows in the shell's exit code, 128 above the signal.
    """
    memory, cpu, _ = limits
    if memory and starved:
        return f"needed more than {memory} MB of memory"
    code, signal = end
    number = signal or (code or 0) - 128
    if cpu and (number == XCPU or (number == KILL and used >= cpu * NEARLY)):
        return f"used more than {cpu} s of CPU"
    return None


def satisfied(wanted: str, status: str | None) -> bool:
    """Tell whether a task came to what another one waits for.

    `wanted` is "any" or one of ENDINGS, `status` that of its last attempt for
    the slot, None where it took no part in it.
    """
    return wanted not in ENDINGS or status in ENDINGS[wanted]


def within(hours: tuple[int, ...], minute: int) -> bool:
    """Tell whether a local minute lies in active hours; empty hours are all of them.

    `hours` are (start, end, days): minutes of the day, the end excluded, and a
    bit for each weekday (Sunday 0) on which they begin. An end that is not after
    the start belongs to the next day.
    """
    if not hours:
        return True
    start, end, days = hours
    day, time = divmod(minute, DAY)
    inside = start <= time < end
    if end <= start:
        inside = time >= start or time < end
        day -= time < end  # these began the evening before
    return inside and bool(days >> (day + EPOCH_WEEKDAY) % 7 & 1)


def hours_said(hours: tuple[int, ...]) -> str:
    """Write active hours as people do: `mon,tue 22:00-06:00`, or `09:00-17:00` for every day."""
    start, end, days = hours
    clock = "-".join(f"{time // 60:02}:{time % 60:02}" for time in (start, end))
    chosen = [name for number, name in enumerate(WEEKDAYS, 1) if days >> number % 7 & 1]
    return clock if len(chosen) == len(WEEKDAYS) else f"{','.join(chosen)} {clock}"
