"""The words of ncp as plain, frozen values (docs/design.md, section 1).

Nothing here reads a clock, a file or an environment. It is longer than a module
should be, and stays one page on purpose: a value each, almost nothing to compute,
and who looks for a word of ncp's finds it here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Follows = Literal["wall", "elapsed"]
Exactness = Literal["exact", "guarded"]
System = Literal["linux", "darwin", "windows"]
TaskStatus = Literal["active", "paused", "completed", "error"]
Cause = Literal["failure", "timeout", "both"]
Priority = Literal["critical", "high", "medium", "low"]
Ending = Literal["success", "failure", "any"]
Overlap = Literal["skip", "queue", "replace", "allow"]
Unit = Literal["minute", "hour", "day", "week", "month"]

DAYS_IN_CYCLE = 146_097
"""Days in the 400 years after which the calendar repeats."""
LAST_DAY = 32
"""The value in `Rule.days` that means "the last day of the month"."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One conjunctive calendar rule; `None` means every value.

    Each field is a sorted tuple. `minutes` 0-59, `hours` 0-23, `days` 1-31 and
    LAST_DAY, `months` 1-12. `weekdays` holds codes `weekday + 7 * week` where
    weekday is 0 (Sunday) to 6 and week is 0 for every week, 1-5 for the first
    to fifth of the month, 6 for the last: 1 is every Monday, 15 (1 + 7 * 2)
    the second Monday, 47 (5 + 7 * 6) the last Friday.

    `follows` says what daylight saving does to it: "wall" rules name times of
    day, "elapsed" rules follow real time.
    """

    minutes: tuple[int, ...] | None
    hours: tuple[int, ...] | None
    days: tuple[int, ...] | None
    months: tuple[int, ...] | None
    weekdays: tuple[int, ...] | None
    follows: Follows


@dataclass(frozen=True, slots=True)
class Every:
    """Which slots of a calendar count: every `count`-th minute, hour, day, week or month.

    `anchor` is one that counts, the others lie whole intervals before and after
    it: a UTC instant (`2026-11-20T08:00Z`) for minutes and hours, which pass as
    real time does; else a local date (`2026-11-23`). Weeks begin on Monday.
    """

    count: int
    unit: Unit
    anchor: str

    @property
    def text(self) -> str:
        """Say it in words: `every 2 weeks from 2026-11-23`."""
        often = self.unit if self.count == 1 else f"{self.count} {self.unit}s"
        return f"every {often} from {self.anchor}"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When something is due: a union of rules, one instant, or never.

    `cron` is the canonical text (empty for a one-off), five fields or several
    such texts joined by ` | `; `every` keeps only some of its slots; `at` is
    the instant of a one-off, aware, UTC, whole minutes.
    """

    rules: tuple[Rule, ...] = ()
    cron: str = ""
    at: datetime | None = None
    every: Every | None = None

    @property
    def never(self) -> bool:
        """Whether it never comes, as that of tasks whose expression could not be read."""
        return self.at is None and not self.rules

    @property
    def text(self) -> str:
        """The canonical form: the cron expression and its interval, the ISO instant, or `never`."""
        if self.never:
            return "never"
        if self.at is not None:
            return self.at.strftime("%Y-%m-%dT%H:%MZ")
        interval = "" if self.every is None else self.every.text
        return ", ".join(filter(None, (self.cron, interval)))


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a task is tried again for the same slot, and after which delays.

    Each delay is `backoff` times the one before it, up to `max_delay_seconds`.
    """

    attempts: int
    delay_seconds: float = 30
    backoff: float = 2
    max_delay_seconds: float = 3600
    on: Cause = "both"


@dataclass(frozen=True, slots=True)
class ActiveHours:
    """The part of the week in which a task may start, on its timing's clock.

    `start` and `end` are "HH:MM", the end excluded; one that is not after the
    start belongs to the next day. `days` are those on which it begins ("mon" to
    "sun"), none for every day.
    """

    start: str
    end: str
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a task may use of the machine; None is no limit of ncp's.

    `memory_mb` is for its whole tree where the system can count that, else, as
    `cpu_seconds` and `open_files`, for each of its processes. `nice` is -20
    (first) to 19 (last) and wins over what its priority says.
    """

    memory_mb: int | None = None
    cpu_seconds: int | None = None
    open_files: int | None = None
    nice: int | None = None


@dataclass(frozen=True, slots=True)
class After:
    """Another task of the same timing (its id), and how it must have ended for the same slot."""

    task: str
    outcome: Ending = "success"


@dataclass(frozen=True, slots=True)
class Stage:
    """One of a task's `steps`: a command, by a shell where `shell`; 0 seconds: no deadline."""

    command: tuple[str, ...]
    name: str = ""
    shell: bool = False
    timeout_seconds: float = 0


@dataclass(frozen=True, slots=True)
class Hook:
    """A command that runs when an execution has ended, by a shell where `shell`."""

    command: tuple[str, ...]
    shell: bool = False


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a key of what a task was made from (no key: with all of it)."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Task:
    """What to run, and its limits; `command`, `steps` or `tool` say what.

    `original` is the text of what it was made from, where that could not be
    taken as it was: such a task waits to be mended, its status is error, and it
    may lack what the text does not say. `complaints` say what has to be mended,
    `status_before` is its status in that text.

    `paused_with_all` marks what a pause of all tasks has found active: a resume of all
    makes it active again, and nothing else.
    """

    id: str
    name: str
    timing_id: str
    command: tuple[str, ...] = ()
    shell: bool = False
    steps: tuple[Stage, ...] = ()
    tool: str | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    description: str | None = None
    tags: tuple[str, ...] = ()
    working_directory: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    captured_environment: Mapping[str, str] = field(default_factory=dict)
    env_file: str | None = None
    stdin: str | None = None
    timeout_seconds: float = 300
    kill_grace_seconds: float = 5
    overlap: Overlap = "skip"
    retries: Retries | None = None
    on_failure: Hook | None = None
    on_success: Hook | None = None
    priority: Priority = "medium"
    active_hours: ActiveHours | None = None
    limits: Limits | None = None
    umask: str = "022"
    jitter_seconds: float = 0
    after: tuple[After, ...] = ()
    fire_once: bool = False
    max_executions: int | None = None
    end_date: str | None = None
    catchup_missed: bool = False
    created_at: str | None = None
    active_since: str | None = None
    origin: str | None = None
    original: str | None = None
    complaints: tuple[Complaint, ...] = ()
    status_before: TaskStatus | None = None
    status: TaskStatus = "active"
    paused_with_all: bool = False
    error_message: str | None = None

    @property
    def acts(self) -> bool:
        """Whether it has something to do."""
        return bool(self.command or self.steps or self.tool)

    @property
    def programs(self) -> tuple[str, ...]:
        """What it starts without a shell: of its command or steps, and of its hooks."""
        hooks = [hook for hook in (self.on_failure, self.on_success) if hook is not None]
        parts: list[Task | Stage | Hook] = [self, *self.steps, *hooks]
        return tuple(part.command[0] for part in parts if part.command and not part.shell)


@dataclass(frozen=True, slots=True)
class Timing:
    """A timing group: one recurrence in one zone, and the tasks that share it.

    `zone` is an IANA name, or None for the machine's own zone.
    """

    id: str
    name: str
    recurrence: Recurrence
    zone: str | None = None
    task_ids: tuple[str, ...] = ()
    created_at: str | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """All tasks and timings of one home."""

    tasks: Mapping[str, Task] = field(default_factory=dict)
    timings: Mapping[str, Timing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manager:
    """A `systemd --user` that runs: where it listens, and where it looks for units and settings.

    `config_home` is empty where nothing tells it.
    """

    runtime_dir: str
    config_home: str


@dataclass(frozen=True, slots=True)
class Tenant:
    """A home of ncp that has entries on a target: its tag, its launcher, what it has there."""

    tag: str
    launcher: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Host:
    """What the compiler may know about a machine, looked up once at the edge.

    `home` is the real path of the ncp home and `tag` the eight hex digits that
    mark its entries (empty for the default home). `tools` are the scheduler
    programs found on PATH, `processes` the names of running processes, `cron` the
    name of the cron that `crontab` belongs to (empty: unknown, or none), `zone` the
    machine's IANA zone, `now` an aware UTC instant. `runtime_dir` is what
    XDG_RUNTIME_DIR says, `manager` the user's systemd, where one runs.
    """

    system: System
    user: str
    uid: int
    user_home: str
    config_home: str
    home: str
    tag: str
    zone: str
    now: datetime
    tools: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()
    cron: str = ""
    runtime_dir: str = ""
    manager: Manager | None = None

    @property
    def launcher(self) -> str:
        """The one stable path that native entries call."""
        return f"{self.home}\\bin\\ncp.cmd" if self.system == "windows" else f"{self.home}/bin/ncp"

    @property
    def prefix(self) -> str:
        """What the names of this home's entries start with."""
        return f"ncp-{self.tag}" if self.tag else "ncp"


@dataclass(frozen=True, slots=True)
class File:
    """A text file of an artifact; `path` is absolute, or the name of a table."""

    path: str
    text: str
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run, and the text it reads on standard input."""

    argv: tuple[str, ...]
    stdin: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What comparing the due minutes with an artifact's wake-ups found.

    `due` and `wakes` count minutes in the 400 years of the calendar. `missed`
    and `stray` count the kinds of minutes that are due without a wake-up, and
    the other way round. `late` is the longest, in whole minutes, that a slot
    waits for its wake-up where clocks change; 0 is "within a minute".
    """

    due: int
    wakes: int
    missed: int
    stray: int = 0
    late: int = 0

    @property
    def extra_per_day(self) -> float:
        """Mean number of wake-ups a day that are not due."""
        return round((self.wakes - self.due) / DAYS_IN_CYCLE, 2)

    @property
    def exactness(self) -> Exactness:
        """`exact` only where the two sets are equal."""
        return "guarded" if self.missed or self.stray else "exact"


@dataclass(frozen=True, slots=True)
class Artifact:
    """What one timing compiles to on one target: data, no effects.

    `load` and `unload` are the commands that install and remove it alone;
    `proof` says what was found by reading it back, and with it come `exactness` and
    `extra_per_day`, the mean number of wake-ups a day beyond the due ones.
    """

    target: str
    timing: Timing
    files: tuple[File, ...]
    load: tuple[Command, ...] = ()
    unload: tuple[Command, ...] = ()
    exactness: Exactness = "guarded"
    extra_per_day: float = 0.0
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One installed (or wanted) thing of the OS scheduler.

    `key` is what the OS knows it by (a path, a task name, a timing id in the
    crontab), `text` its content. `loaded` is False where the file is there but
    the scheduler is not using it. `ours` is False where something that this
    home did not write stands at that key.
    """

    key: str
    text: str
    loaded: bool = True
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Output:
    """What a program answered. `code` is 127 where it could not be started."""

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What a target wants to know before it decides: reads only, no effects.

    `folders` are (folder, glob) pairs whose matching files are read, `links` those
    whose matching symbolic links are, `commands` are run, `paths` are tested for
    existence, `locks` for a process that holds them. `closer` are (command, text,
    another): the other one is run only where the answer to the first holds that text.
    """

    folders: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()
    paths: tuple[str, ...] = ()
    closer: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()
    locks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observed:
    """The answers to a survey: texts by path, outputs by argv, paths that exist, locks held.

    `links` are the symbolic links, and `changed` tells of each of them and of each
    file when it was last changed in any way (ctime, nanoseconds).
    """

    files: Mapping[str, str] = field(default_factory=dict)
    links: frozenset[str] = frozenset()
    changed: Mapping[str, int] = field(default_factory=dict)
    outputs: Mapping[tuple[str, ...], Output] = field(default_factory=dict)
    paths: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Write:
    """A step: write a file beside and rename it into place."""

    file: File


@dataclass(frozen=True, slots=True)
class Remove:
    """A step: remove a file; gone already is fine."""

    path: str


@dataclass(frozen=True, slots=True)
class Again:
    """How a daemon that compares whole seconds is sure to see what was installed.

    It looks as a minute begins and when it starts; what changes twice around such a look,
    within one second, it never sees. Then `commands` install the same once more, in the next
    second, where `look` still shows it. `folder` is what the daemon compares the time of,
    `started` a file that it writes when it starts.
    """

    look: Command
    commands: tuple[Command, ...]
    folder: str
    started: str


@dataclass(frozen=True, slots=True)
class Run:
    """A step: run a command.

    An exit code in `accept` is success. Where `advice` is set, failure is not
    an error but a warning that carries this advice. `attempts` above 1 retries,
    `pause` seconds apart, for tools that answer before they have finished. `again` is for
    daemons that may not see the change. `seen` is a command and what it answered when this was
    planned: where it answers something else now, nothing is run.
    """

    command: Command
    accept: tuple[int, ...] = (0,)
    advice: str = ""
    attempts: int = 1
    pause: float = 0.0
    again: Again | None = None
    seen: tuple[tuple[str, ...], Output] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A step: make a symbolic link at `path` anew, to `goal`, beside and renamed into place."""

    path: str
    goal: str


Step = Write | Link | Remove | Run


@dataclass(frozen=True, slots=True)
class Changes:
    """What a sync would do to the entries: the answer of `planning`."""

    add: tuple[Entry, ...] = ()
    change: tuple[Entry, ...] = ()
    remove: tuple[Entry, ...] = ()
    keep: tuple[Entry, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.add or self.change or self.remove)


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a target can be used here, and the reason in one clause."""

    usable: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `ncp doctor`; `mend` is the command that puts it right."""

    level: Literal["ok", "warning", "error"]
    subject: str
    message: str
    mend: str = ""

    @property
    def advice(self) -> str:
        """Say it in one line, to those who have just changed something."""
        return f"{self.message} To mend it: {self.mend}" if self.mend else self.message


@dataclass(frozen=True, slots=True)
class OutOfReach(Finding):
    """A scheduler that cannot be asked, and may well run: what it holds is not known."""
