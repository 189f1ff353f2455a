"""A new task: made, asked about, and put into the schedule under a name of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp import document
from ncp.api import making, ordering, tooling, updating
from ncp.api.answers import Created
from ncp.api.options import checked, require_texts
from ncp.applying import changing
from ncp.applying.changing import Outcome
from ncp.errors import Location
from ncp.host import enforcing
from ncp.model import Changes

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from ncp import model
    from ncp.applying.site import Site
    from ncp.model import Recurrence, Task


NEW = Location("task")
"""Where complaints about a task that is not made yet are."""


def create(
    site: Site,
    schedule: str,
    command: str | Iterable[str | os.PathLike[str]],
    given: Mapping[str, Any],
    *,
    name: str | None = None,
    timezone: str | None = None,
    target: str | None = None,
    validate: bool = True,
    trial: bool = False,
    allow_duplicate_name: bool = False,
    if_absent: bool = False,
) -> Created:
    """Make a task; see `Schedule.create_task`."""
    require_texts(schedule=schedule, name=name, timezone=timezone, target=target)
    options = checked({"command": command, **given}, NEW)
    argv = options.pop("command")
    making.require_work(argv, options)
    timezone = making.zone_meant(site, schedule, timezone)
    recurrence, notes = making.recurrence(site, schedule, timezone)
    notes += making.doubts(site, recurrence, timezone)
    task = making.task(site, argv, name, options)
    making.require_one_text(task)
    document.check(task, NEW)
    own = if_absent or (name is not None and not allow_duplicate_name)
    try:
        if own:
            making.require_free(task.name, site.document.schedule, "--name")
    except making.NameTakenError as error:
        return _present(site, error, task, recurrence, if_absent=if_absent)
    notes += tooling.notes(site, task, validate=validate)
    tried = tooling.trial(site, task) if trial else None

    def edit(current: model.Schedule) -> model.Schedule:
        if own:
            making.require_free(task.name, current, "--name")
        named = task if own or allow_duplicate_name else making.named_apart(task, current)
        timing = making.timing(site, current, recurrence, timezone)
        return ordering.placed(current, [(named, timing)])

    try:
        outcome = changing.change(site, "create", edit, target=target)
    except making.NameTakenError as error:  # somebody was faster
        site.fresh()
        return _present(site, error, task, recurrence, if_absent=if_absent)
    site.fresh()
    made = site.document.schedule.tasks[task.id]
    notes += enforcing.notes(made, site.host, outcome.choice.name)
    timing = site.document.schedule.timings[made.timing_id]
    return Created(made, timing, notes, outcome, tried)


def _present(
    site: Site,
    error: making.NameTakenError,
    asked: Task,
    recurrence: Recurrence,
    *,
    if_absent: bool,
) -> Created:
    """Answer with the task that has the name, and what of it is not as asked."""
    if not if_absent:
        raise error
    task = error.taken
    timing = site.document.schedule.timings[task.timing_id]
    differs = [
        word
        for word, same in (
            ("schedule", timing.recurrence.text == recurrence.text),
            ("command", updating.work(task) == updating.work(asked)),
        )
        if not same
    ]
    said = f'"{task.name}" is there already, with another {" and ".join(differs)}.'
    how = f" To change it: ncp schedule update {task.id}"
    notes = (said + how,) if differs else ()
    outcome = Outcome(changing.choice(site), Changes())
    return Created(task, timing, notes, outcome, new=False)
