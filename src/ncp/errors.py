"""Everything that can go wrong, in three parts: what, where, the next step.

NcpError
├── InputError        2  what was given cannot be used
│   ├── ExpressionError   a cron expression
│   ├── PhraseError       a schedule in words
│   ├── ZoneError         the name of a time zone
│   ├── DocumentError     schedule.json, config.toml, mcp.json
│   │   ├── AbsentError   schedule.json is out of sight, and what was made from it is not
│   │   └── TogetherError keys that may each be there, and not with each other
│   └── HomeError         the folder that holds them
├── NotFoundError     3  no task, timing or execution of that name
├── SchedulerError    4  the operating system's scheduler refused
│   └── MovedError        somebody else changed it between our look and our write
├── BusyError         5  somebody else holds the lock
└── McpError          1  an MCP server that cannot be used, or a call that came to nothing
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


class Location:
    """A place in a document, by its parts; as text it reads `schedule.json: tasks["a"].after[0]`.

    `thing` is what holds the keys where that is no task of a schedule, `path` is as in
    `.after[0].task` and grows with `+`, `file` is empty for what was given otherwise.
    """

    __slots__ = ("file", "path", "task", "thing")

    def __init__(self, thing: str = "", task: str = "", path: str = "", *, file: str = "") -> None:
        self.thing = thing
        self.task = task
        self.path = path
        self.file = file

    def __add__(self, path: str) -> Location:
        return Location(self.thing, self.task, self.path + path, file=self.file)

    def __str__(self) -> str:
        file = f"{self.file}: " if self.file else ""
        task = f'tasks["{self.task}"]' if self.task else ""
        return f"{file}{self.thing}{task}{self.path}"

    @property
    def key(self) -> str:
        """The key as a person writes it: `retries.on`, `steps[0].name`; empty for a whole task."""
        return self.path.removeprefix(".")


class NcpError(Exception):
    """Something a person can act on.

    `what` is a sentence about the problem, `where` names the file, key or
    argument (may be empty), `next_step` is a sentence that says what to do.
    These are for people: code asks for the class, and for `task` and `key`.
    """

    exit_code = TASK_FAILED

    def __init__(self, what: str, *, where: Location | str = "", next_step: str = "") -> None:
        super().__init__(what, str(where), next_step)
        self.what = what
        self.where = str(where)
        self.next_step = next_step
        self.place = where if isinstance(where, Location) else Location(where)

    @property
    def task(self) -> str:
        """The id of the task of a schedule that it is about; empty where it is about none."""
        return self.place.task

    @property
    def key(self) -> str:
        """The key it is about, from the task or timing on: `retries.on`; empty where unknown."""
        return self.place.key

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


class ZoneError(InputError):
    """A name that is no IANA time zone."""


class DocumentError(InputError):
    """A file of the home that cannot be read as what it should be."""


class TogetherError(DocumentError):
    """A key that may be there, and not beside another one: its own advice names both."""


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


class McpError(NcpError):
    """A server that cannot be used, or a call that came to nothing; `where` names which."""
