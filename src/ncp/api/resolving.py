"""From what people type to a task or a timing: id, unique id prefix, or name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ncp import references
from ncp.api.options import require_text
from ncp.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncp.model import Schedule, Task, Timing

SHORTEST_PREFIX = references.SHORTEST_PREFIX
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Meant:
    """One task, or all tasks of a timing, which is given then, or those that have a tag."""

    tasks: list[Task]
    timing: Timing | None = None
    by_tag: bool = False

    @property
    def alone(self) -> bool:
        """Whether one task is named."""
        return self.timing is None and not self.by_tag


def task(schedule: Schedule, reference: str) -> Task:
    """Find one task; NotFoundError, or InputError where several answer to it."""
    require_text(reference, "task", '"backup"')
    known = schedule.tasks.get(reference)  # at once: changes of many tasks look up many ids
    if known is not None:
        return known
    rows = _rows(schedule)
    kind, colon, rest = reference.partition(":")
    prefixed = references.task_ids(rows, rest) if colon and kind == "task" else []
    found = prefixed or references.task_ids(rows, reference)
    if not found:
        raise _not_found(schedule, reference, "task")
    return _only(schedule, found, reference)


def meant(schedule: Schedule, reference: str) -> Meant:
    """Find one task, or a timing with its tasks; what may mean both is refused.

    `tag:X` means the tasks that have that tag, `tag:X,Y` those that have one of both.
    """
    require_text(reference, "task", '"backup"')
    if tagged := with_tag(schedule, reference):
        return Meant(tagged, by_tag=True)
    found, timing_id = references.meant(_rows(schedule), schedule.timings, reference)
    if found and timing_id:
        raise _ambiguous(schedule, found, timing_id)
    if timing_id:
        timing = schedule.timings[timing_id]
        return Meant(members(schedule, timing), timing)
    if not found:
        raise _not_found(schedule, reference, "task or timing")
    return Meant([_only(schedule, found, reference)])


def with_tag(schedule: Schedule, reference: str) -> list[Task]:
    """The tasks that `tag:X` means, in the order of their making; none for other references."""
    rows = [(task.id, task.tags) for task in schedule.tasks.values() if task.tags]
    return [schedule.tasks[task_id] for task_id in references.tagged(rows, reference)]


def require_tagged(schedule: Schedule, words: Sequence[str]) -> list[Task]:
    """The tasks that have one of these tags; NotFoundError where none has."""
    reference = f"tag:{','.join(words)}"
    found = with_tag(schedule, reference)
    if not found:
        raise _no_tag(schedule, reference)
    return found


def members(schedule: Schedule, timing: Timing) -> list[Task]:
    """The tasks of a timing in their order."""
    return [schedule.tasks[task_id] for task_id in timing.task_ids]


def _rows(schedule: Schedule) -> list[tuple[str, str, str]]:
    return [(task.id, task.name, task.timing_id) for task in schedule.tasks.values()]


def _only(schedule: Schedule, found: list[str], reference: str) -> Task:
    if len(found) > 1:
        raise InputError(
            f'{len(found)} tasks answer to "{reference}".',
            where="task",
            next_step=f"Name one by its id: {', '.join(found[:MOST_NAMED])}.",
        )
    return schedule.tasks[found[0]]


def _ambiguous(schedule: Schedule, found: list[str], timing_id: str) -> InputError:
    owner = schedule.tasks[found[0]].timing_id
    more = len(schedule.timings[timing_id].task_ids) - MOST_NAMED
    return InputError(
        f'"{timing_id}" is a task (in timing {owner}), and a timing'
        f" (of {_listed(schedule, timing_id)}{f' and {more} more' if more > 0 else ''}).",
        where=timing_id,
        next_step=f"Write task:{timing_id} for the task, or timing:{timing_id} for the timing.",
    )


def _not_found(schedule: Schedule, reference: str, wanted: str) -> NotFoundError:
    kind, _, rest = reference.partition(":")
    if kind == "tag" and wanted != "task":
        return _no_tag(schedule, reference)
    timing_id = rest if kind == "timing" and rest in schedule.timings else reference
    if timing_id in schedule.timings:
        return NotFoundError(
            f'"{timing_id}" is a timing; this takes a task.',
            where="task",
            next_step=f"Name one of its tasks: {_listed(schedule, timing_id)}.",
        )
    names = [t.name for t in schedule.tasks.values()] + list(schedule.timings)
    near = references.nearest(reference, names)
    hint = f'Did you mean "{near}"?' if near else "Run: ncp schedule list"
    return NotFoundError(
        f'No {wanted} has the id or name "{reference}".', where="task", next_step=hint
    )


def _no_tag(schedule: Schedule, reference: str) -> NotFoundError:
    word = reference.partition(":")[2]
    known = list(dict.fromkeys(tag for task in schedule.tasks.values() for tag in task.tags))
    if near := references.nearest(word, known):
        step = f'Did you mean "{near}"?'
    elif known:
        step = f"The tags are: {', '.join(known[:MOST_NAMED])}."
    else:
        step = "Give a task one: ncp schedule update TASK --tag nightly"
    return NotFoundError(f'No task has the tag "{word}".', where="tag", next_step=step)


def _listed(schedule: Schedule, timing_id: str) -> str:
    names = [f'"{task.name}"' for task in members(schedule, schedule.timings[timing_id])]
    return ", ".join(names[:MOST_NAMED])
