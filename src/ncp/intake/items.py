"""What a file schedules, before any of it is taken: one item for each thing in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.model import Changes, Host, Recurrence, Task, Timing

Outcome = Literal["imported", "already there", "updated", "deleted", "refused", "reported"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


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
    refusal: str = ""
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
    """What became of an item: of the task it is now, or why it is none."""

    item: Item
    outcome: Outcome
    task: Task | None = None
    timing: Timing | None = None
    warnings: tuple[str, ...] = ()
    reason: str = ""


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
