"""Everything that can go wrong, in three parts: what, where, the next step.

NcpError
├── InputError        2  what was given cannot be used
│   ├── ExpressionError   a cron expression
│   ├── PhraseError       a schedule in words
│   ├── DocumentError     schedule.json, config.toml, mcp.json
│   │   └── AbsentError   schedule.json is out of sight, and what was made from it is not
│   └── HomeError         the folder that holds them
├── NotFoundError     3  no task, timing or execution of that name
├── SchedulerError    4  the operating system's scheduler refused
│   └── MovedError        somebody else changed it between our look and our write
└── BusyError         5  somebody else holds the lock
"""

from __future__ import annotations

DONE = 0
TASK_FAILED = 1
BAD_INPUT = 2
NOT_FOUND = 3
SCHEDULER_REFUSED = 4
BUSY = 5
INTERRUPTED = 130

EXIT_CODES = {
    DONE: "done",
    TASK_FAILED: "a task failed",
    BAD_INPUT: "bad input",
    NOT_FOUND: "not found",
    SCHEDULER_REFUSED: "the OS scheduler refused",
    BUSY: "locked or busy",
    INTERRUPTED: "interrupted",
}


class NcpError(Exception):
    """Something a person can act on.

    `what` is a sentence about the problem, `where` names the file, key or
    argument (may be empty), `next_step` is a sentence that says what to do.
    """

    exit_code = TASK_FAILED

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        super().__init__(what, where, next_step)
        self.what = what
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what} {self.next_step}".rstrip()


class InputError(NcpError):
    """What was given cannot be used."""

    exit_code = BAD_INPUT


class ExpressionError(InputError):
    """A cron expression that is not one, or one that never comes."""


class PhraseError(InputError):
    """A schedule in words that ncp does not understand."""


class DocumentError(InputError):
    """A file of the home that cannot be read as what it should be."""


class AbsentError(DocumentError):
    """A document that is not there, though what was made from it is."""


class HomeError(InputError):
    """The home folder cannot be used safely."""


class NotFoundError(NcpError):
    """No task, timing or execution of that name."""

    exit_code = NOT_FOUND


class SchedulerError(NcpError):
    """The operating system's scheduler refused; carries its own words."""

    exit_code = SCHEDULER_REFUSED


class MovedError(SchedulerError):
    """What was to be changed is no longer what was looked at: look again."""


class BusyError(NcpError):
    """Somebody else holds the lock."""

    exit_code = BUSY
