"""Make a home what a declarative file says: decided as a whole, then done in one change.

A task of the file is the task of that name in the home. What the file does not
say of it has its default, except what only the machine knows (`OWN`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp import document
from ncp.applying import changing
from ncp.declaring import matching
from ncp.errors import InputError
from ncp.intake import telling
from ncp.intake.items import Report
from ncp.model import Changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ncp.applying.site import Site
    from ncp.errors import DocumentError
    from ncp.intake.items import Found, Item, Line
    from ncp.model import Schedule


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of an apply, beside the items: where they come from, and how strict it is.

    `target` is for a home that has none yet.
    """

    origin: str
    prune: bool = False
    strict: bool = False
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A schedule that is what the file says, and what becomes of each task."""

    schedule: Schedule
    lines: tuple[Line, ...]

    @property
    def changes(self) -> bool:
        """Whether anything is other than it was."""
        return any(one.outcome in {"imported", "updated", "deleted"} for one in self.lines)


def decide(site: Site, current: Schedule, items: Sequence[Item], wish: Wish) -> Decided:
    """Say what becomes of each task of the file, and of those that it has no more.

    One that would leave tasks waiting in vain is refused, and the rest decided anew.
    """
    refused: dict[str, str] = {}
    while True:
        found = _attempt(site, current, items, wish, refused)
        errors = [*document.disorders(found.schedule)]
        if not errors:
            return found
        refused |= _blamed(found, errors, refused)


def require_all(decided: Decided) -> None:
    """Refuse everything where anything is refused, and name it."""
    bad = [line for line in decided.lines if line.outcome == "refused"]
    if bad:
        first = bad[0]
        more = f" ({len(bad)} tasks are refused in all.)" if len(bad) > 1 else ""
        raise InputError(
            f'"{first.item.name}": {first.reason}{more}',
            where=first.item.place,
            next_step="Correct it, or apply the others without --strict.",
        )


def left(current: Schedule, found: Found, wish: Wish) -> list[str]:
    """Name the tasks that the file made and has no more, where it is not to delete them."""
    names = {item.name for item in found.items}
    tasks = matching.unnamed(current, wish.origin, names)
    return [] if wish.prune else [task.name for task in tasks]


def foresee(
    site: Site, decided: Decided, wish: Wish, notes: tuple[str, ...], *, dry: bool
) -> Report:
    """Report on what is decided as if it was done."""
    changing.require_same_target(site, wish.target)
    report = Report(decided.lines, "", Changes(), notes, dry)
    return telling.foreseen(site, decided.schedule, report, wish.target)


def carry_out(site: Site, found: Found, wish: Wish) -> Report:
    """Write what is decided, in one change; InputError in strict ones where a task is refused."""
    made: list[Decided] = []

    def edit(current: Schedule) -> Schedule:
        made.append(decide(site, current, found.items, wish))
        if wish.strict:
            require_all(made[-1])
        return made[-1].schedule

    outcome = changing.change(site, "apply", edit, target=wish.target)
    site.fresh()
    notes = (*found.notes, *outcome.advice)
    return telling.done(Report(made[-1].lines, "", Changes(), notes), outcome)


def _attempt(
    site: Site,
    current: Schedule,
    items: Sequence[Item],
    wish: Wish,
    refused: Mapping[str, str],
) -> Decided:
    home = matching.Home(site, current, wish.origin)
    for item in items:
        home.take(item, refused.get(item.name, ""))
    home.connect()
    gone = matching.unnamed(current, wish.origin, {item.name for item in items})
    for task in gone if wish.prune else ():
        home.drop(task, refused.get(task.id, ""))
    return Decided(home.schedule(), tuple(home.lines()))


def _blamed(
    found: Decided, errors: Sequence[DocumentError], before: Mapping[str, str]
) -> dict[str, str]:
    """Find whom to refuse for complaints about tasks: each itself, else those it waits for."""
    touched = {
        line.task.id: line.task.id if line.outcome == "deleted" else line.item.name
        for line in found.lines
        if line.task is not None and line.outcome in {"imported", "updated", "deleted"}
    }
    blamed = {}
    for error in errors:
        task = found.schedule.tasks[error.task]
        ids = (task.id, *(one.task for one in task.after))
        names = (touched[one] for one in ids if one in touched and touched[one] not in before)
        name = next(names, None)
        if name is not None:
            blamed[name] = f"{error.what} {error.next_step}"
    if not blamed:
        raise errors[0]
    return blamed
