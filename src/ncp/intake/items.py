"""What a file schedules, before any of it is taken: one item for each thing in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.errors import NcpError
    from ncp.model import Changes, Host, Recurrence, Schedule, Task, Timing

Outcome = Literal["imported", "already there", "updated", "deleted", "refused", "reported"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
NEW = frozenset({"imported", "updated"})
CHANGED = NEW | {"deleted"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot become a task: what is wrong, of which key, and what to do."""

    what: str
    advice: str = ""
    key: str = ""

    def __str__(self) -> str:
        place = f"{self.key}: " if self.key else ""
        return f"{place}{self.what} {self.advice}".rstrip()

    @staticmethod
    def of(error: NcpError, key: str = "") -> Refusal:
        """The refusal that an error is."""
        return Refusal(error.what, error.next_step, key)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a file schedules.

    `place` says where it stands ("line 7"), `line` its number where it has one.
    `origin` tells it from all others and is kept in the task, so that a second
    import knows it again. `values` are fields of `model.Task`; what is not among
    them gets the default. `schedule` is a recurrence, or a text for `create`;
    `timezone` an IANA name, None for the machine's own. With a `refusal` it
    cannot become a task, and with a `report` it is none: each says why. `timing`
    is the one it had, whose id and name are kept where they are free.
    """

    place: str
    name: str
    origin: str = ""
    schedule: str | Recurrence = ""
    timezone: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    refusal: Refusal | None = None
    report: str = ""
    line: int = 0
    timing: Timing | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """All that a file schedules, and what is to be said of the file as a whole."""

    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """What a reader may know beside the text.

    `where` names the file in words, `path` is its absolute path (empty for
    standard input). `user_column`: whether lines of a crontab name a user; None
    means as the path says. `captured` is the environment that a new task keeps.
    `weekdays` says how numbers of weekdays are counted (`taskfile/weekdays`); None
    means as the form of the file says.
    """

    host: Host
    where: str
    path: str = ""
    user_column: bool | None = None
    captured: Mapping[str, str] = field(default_factory=dict)
    weekdays: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What became of an item: of the task it is now, or why it is none.

    `differs` names what the home's task is not, or was not, as the item says. `note`
    says why an item is no task, or what its task waits for.
    """

    item: Item
    outcome: Outcome
    task: Task | None = None
    timing: Timing | None = None
    warnings: tuple[str, ...] = ()
    refusal: Refusal | None = None
    differs: tuple[str, ...] = ()
    note: str = ""


class Foretold(NamedTuple):
    """What a schedule becomes, and what becomes of each item: the plan, and what is then done."""

    schedule: Schedule
    lines: tuple[Line, ...]

    @property
    def changes(self) -> bool:
        """Whether anything is other than it was."""
        return any(line.outcome in CHANGED for line in self.lines)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of all items, and what the machine was told, or would be in a dry run.

    `chosen` says why the target is the home's from now on; empty where it had been before.
    """

    lines: tuple[Line, ...]
    target: str
    changes: Changes
    notes: tuple[str, ...] = ()
    dry: bool = False
    chosen: str = ""

    @property
    def partial(self) -> bool:
        """Whether something was refused; the exit code is then 2."""
        return bool(self.of("refused"))

    def of(self, *outcomes: Outcome) -> list[Line]:
        """The lines with one of these outcomes."""
        return [line for line in self.lines if line.outcome in outcomes]
