"""Make a home what a declarative file says: decided as a whole, then done in one change.

A task of the file is the task of that name in the home. What the file does not
say of it has its default, except what only the machine knows (`OWN`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp.declaring import matching
from ncp.errors import InputError
from ncp.intake import deed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.applying.site import Site
    from ncp.intake.items import Foretold, Found, Item, Report
    from ncp.model import Schedule, Task


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of an apply, beside the items: where they come from, and how strict it is.

    `target` is for a home that has none yet.
    """

    origin: str
    prune: bool = False
    strict: bool = False
    target: str | None = None


def decide(site: Site, current: Schedule, items: Sequence[Item], wish: Wish) -> Foretold:
    """Say what becomes of each task of the file, and of those that it has no more.

    One that would leave tasks waiting in vain is refused, and so are those that wait for it.
    """
    home = matching.Home(site, current, wish.origin)
    home.take(items)
    home.name_all()
    for task in _gone(current, items, wish) if wish.prune else ():
        home.drop(task)
    return home.settled()


def require_all(decided: Foretold) -> None:
    """Refuse everything where anything is refused, and name it."""
    bad = [line for line in decided.lines if line.outcome == "refused"]
    if bad:
        first = bad[0]
        more = f" ({len(bad)} tasks are refused in all.)" if len(bad) > 1 else ""
        raise InputError(
            f'"{first.item.name}": {first.refusal}{more}',
            where=first.item.place,
            next_step="Correct it, or apply the others without --strict.",
        )


def left(current: Schedule, found: Found, wish: Wish) -> list[str]:
    """Name the tasks that the file made and has no more, where it is not to delete them."""
    return [] if wish.prune else [task.name for task in _gone(current, found.items, wish)]


def carry_out(site: Site, found: Found, wish: Wish) -> Report:
    """Write what is decided, in one change; InputError in strict ones where a task is refused."""

    def foretell(current: Schedule) -> Foretold:
        decided = decide(site, current, found.items, wish)
        if wish.strict:
            require_all(decided)
        return decided

    return deed.carry_out(site, "apply", foretell, found.notes, wish.target)


def _gone(schedule: Schedule, items: Sequence[Item], wish: Wish) -> list[Task]:
    """Find the tasks that the file made and has no more."""
    names = {item.name for item in items}
    tasks = schedule.tasks.values()
    return [task for task in tasks if task.origin == wish.origin and task.name not in names]
