"""The schedule of one home, as an object."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Unpack, get_args

from ncp import document, grouping
from ncp.api import making, ordering, resolving, tooling, upcoming, updating, views
from ncp.api.answers import Created, Updated
from ncp.api.options import TaskChanges, TaskOptions, checked, require_text
from ncp.applying import changing, installing
from ncp.applying.changing import Outcome
from ncp.applying.site import Site
from ncp.errors import InputError
from ncp.host import enforcing
from ncp.importing import returning
from ncp.ledger import history
from ncp.model import Changes, TaskStatus
from ncp.store import home as homes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from ncp import model
    from ncp.model import Recurrence, Task, Timing

    States = Mapping[str, Mapping[str, object]]
    Edit = Callable[[model.Schedule], model.Schedule]

EXAMPLES = {
    "schedule": '"weekdays at 9am"',
    "name": '"backup"',
    "timezone": '"Europe/Berlin"',
    "target": '"systemd"',
}


class Schedule:
    """The schedule of one home (`home`, else NCP_HOME, else `~/.ncp/scheduler`).

    Reading makes nothing. Each method that changes something applies it to the
    machine's scheduler before it returns, and raises NcpError where it cannot;
    then nothing has changed. Tasks are named by id, unique id prefix or name.
    """

    def __init__(self, home: str | Path | None = None) -> None:
        environ = os.environ if home is None else {"NCP_HOME": str(home)}
        self.site = Site(homes.here(environ))

    @property
    def model(self) -> model.Schedule:
        """The tasks and timings as schedule.json has them."""
        return self.site.document.schedule

    def create_task(
        self,
        schedule: str,
        command: str | Iterable[str | os.PathLike[str]] = (),
        *,
        name: str | None = None,
        timezone: str | None = None,
        target: str | None = None,
        validate: bool = True,
        trial: bool = False,
        allow_duplicate_name: bool = False,
        if_absent: bool = False,
        **given: Unpack[TaskOptions],
    ) -> Created:
        """Make a task that runs `command` by a schedule (cron, ISO instant or words).

        A command is a list of words; a text is one with `shell=True` only. Further keywords
        are those of `TaskOptions`, such as `timeout_seconds`, `environment`, `fire_once`; without
        a `command`, `steps`, or a `tool` ("server:tool") with `parameters`, which the server is
        asked about unless `validate` is off. With `trial` the tool is called once, and there is
        no task where that fails.

        A `name` that a task has already is refused, unless `allow_duplicate_name`; with
        `if_absent` that task is returned as it is, and nothing is changed. A name that is made
        from the command is made another one than all others: "date (2)".
        """
        _require_texts(schedule=schedule, name=name, timezone=timezone, target=target)
        options = checked({"command": command, **given}, "task")
        argv = options.pop("command")
        making.require_work(argv, options)
        timezone = making.zone_meant(self.site, schedule, timezone)
        recurrence, notes = making.recurrence(self.site, schedule, timezone)
        notes += making.doubts(self.site, recurrence, timezone)
        task = making.task(self.site, argv, name, options)
        making.require_one_text(task)
        document.check(task, "task")
        own = if_absent or (name is not None and not allow_duplicate_name)
        try:
            if own:
                making.require_free(task.name, self.model, "--name")
        except making.NameTakenError as error:
            return self._present(error, task, recurrence, if_absent=if_absent)
        notes += tooling.notes(self.site, task, validate=validate)
        tried = tooling.trial(self.site, task) if trial else None

        def edit(current: model.Schedule) -> model.Schedule:
            if own:
                making.require_free(task.name, current, "--name")
            named = task if own or allow_duplicate_name else making.named_apart(task, current)
            timing = making.timing(self.site, current, recurrence, timezone)
            return ordering.placed(current, [(named, timing)])

        try:
            outcome = self._apply("create", edit, target=target)
        except making.NameTakenError as error:  # somebody was faster
            self.site.fresh()
            return self._present(error, task, recurrence, if_absent=if_absent)
        made = self.model.tasks[task.id]
        notes += self._about_limits(made, outcome)
        return Created(made, self.model.timings[made.timing_id], notes, outcome, tried)

    def get_task(self, reference: str) -> dict[str, Any]:
        """Show one task as the JSON of `get`."""
        task = resolving.task(self.model, reference)
        return self._view(task, self._states(), self._due(self.model.timings[task.timing_id]))

    def list_tasks(self, *, status: str | Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Show all tasks, or those of one status (or of several), in the order of their making."""
        wanted = [status] if status is None or isinstance(status, str) else [*status]
        for one in wanted:
            _require_status(one, get_args(TaskStatus))
        states, tasks = self._states(), self.model.tasks.values()
        chosen = [task for task in tasks if status is None or task.status in wanted]
        used = {task.timing_id for task in chosen}
        due = upcoming.next_slots(self.site, [self.model.timings[i] for i in used])
        return [self._view(task, states, due[task.timing_id]) for task in chosen]

    def find(self, *references: str) -> list[Task]:
        """Find tasks by id, unique id prefix, name, or the id of their timing; each once.

        A word that may mean a task and a timing is refused: `task:X` and `timing:X` say which.
        """
        found = [
            t for reference in references for t in resolving.meant(self.model, reference).tasks
        ]
        return list({task.id: task for task in found}.values())

    def update_task(
        self,
        reference: str,
        *,
        schedule: str | None = None,
        timezone: str | None = None,
        validate: bool = True,
        trial: bool = False,
        **changes: Unpack[TaskChanges],
    ) -> Updated:
        """Change fields of a task, or its schedule or zone, which moves it to another timing.

        A new tool or new parameters are asked about, and tried, as `create_task` does.
        """
        task = resolving.task(self.model, reference)
        return self.update_tasks(
            {task.id: changes},
            schedule=schedule,
            timezone=timezone,
            validate=validate,
            trial=trial,
        )

    def update_tasks(
        self,
        changes: Mapping[str, Mapping[str, Any]],
        *,
        schedule: str | None = None,
        timezone: str | None = None,
        validate: bool = True,
        trial: bool = False,
    ) -> Updated:
        """Change tasks, by their ids, in one change: all of them, or none."""
        _require_texts(schedule=schedule or "", timezone=timezone)
        return updating.update(
            self.site,
            changes,
            schedule=schedule,
            timezone=timezone,
            validate=validate,
            trial=trial,
        )

    def pause(self, *references: str, everything: bool = False) -> Updated:
        """Stop tasks (or all of a timing) from firing until they are resumed.

        With `everything` those that are active are marked, for `resume` to find them.
        """

        def become(task: Task, _: Timing) -> Task | None:
            return making.paused(task, with_all=everything)

        tasks = self._chosen(references, everything)
        return self._switched("pause", tasks, become, "paused", everything=everything)

    def resume(self, *references: str, everything: bool = False) -> Updated:
        """Let paused tasks fire again from now on; what was missed meanwhile is not run.

        With `everything` those that a pause of all has found active; a task that was paused by
        itself stays so. A task with an error is resumed where it is named.
        """

        def become(task: Task, timing: Timing) -> Task | None:
            return making.resumed(task, timing, with_all=everything)

        tasks = self._chosen(references, everything)
        done = self._switched("resume", tasks, become, "active", everything=everything)
        alone = [task for task in tasks if everything and task.status == "paused"]
        alone = [task for task in alone if self.model.tasks[task.id].status == "paused"]
        return replace(done, notes=(*done.notes, *views.paused_alone(alone)))

    def delete_task(self, *references: str) -> Updated:
        """Delete tasks; the last of a timing takes the timing and its entry along."""
        tasks = self._chosen(references, everything=False)

        def edit(current: model.Schedule) -> model.Schedule:
            ordering.require_unawaited(current, tasks)
            for task in tasks:
                current = grouping.without_task(current, resolving.task(current, task.id).id)
            return current

        done = self._apply("delete", edit)
        return Updated(tuple(tasks), returning.notes(tasks, self.site.host), done)

    create_job = create_task
    """The name that users of the predecessor know for `create_task`."""
    get_job = get_task
    """The name that users of the predecessor know for `get_task`."""
    delete_job = delete_task
    """The name that users of the predecessor know for `delete_task`."""

    def list_timings(self) -> list[dict[str, Any]]:
        """Show all timings with their next slots."""
        due = upcoming.next_slots(self.site, self.model.timings.values())
        return [
            views.of_timing(timing, self.model, due[timing.id])
            for timing in self.model.timings.values()
        ]

    def plan(self) -> Changes:
        """Say what a sync would change; changes nothing."""
        choice = changing.choice(self.site)
        wanted = installing.artifacts(self.model, choice.name, self.site.host)
        return installing.plan(wanted, choice.name, self.site.host)[0]

    def sync(self, *, target: str | None = None) -> Outcome:
        """Make the machine's entries what the schedule says; with `target`, move them there."""
        _require_texts(schedule="", target=target)
        return changing.sync(self.site, target=target)

    def uninstall(self) -> list[tuple[str, Changes]]:
        """Remove every entry of this home, target by target."""
        return changing.uninstall(self.site)

    def executions(
        self,
        reference: str | None = None,
        *,
        status: str | Sequence[str] | None = None,
        since: datetime | None = None,
        limit: int = 50,
    ) -> list[dict[str, Any]]:
        """List executions, newest first, of everything, one task or one timing.

        `since` is aware, or on the clock of the machine.
        """
        _require_moment(since)
        for one in [status] if status is None or isinstance(status, str) else status:
            _require_status(one, history.STATUSES)
        if limit < 1:
            raise InputError(f"{limit} shows none.", where="limit", next_step="Write: limit=50")
        if not self.site.home.ledger.exists():
            return []
        meant = None if reference is None else resolving.meant(self.model, reference)
        timing = None if meant is None else meant.timing
        return history.executions(
            self.site.ledger,
            task_id=None if meant is None or timing else meant.tasks[0].id,
            timing_id=None if timing is None else timing.id,
            status=status,
            since=None if since is None else int(since.timestamp() * 1000),
            limit=limit,
        )

    def _present(
        self,
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
        timing = self.model.timings[task.timing_id]
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
        outcome = Outcome(changing.choice(self.site), Changes())
        return Created(task, timing, notes, outcome, new=False)

    def _about_limits(self, task: Task, outcome: Outcome) -> tuple[str, ...]:
        return enforcing.notes(task, self.site.host, outcome.choice.name)

    def _chosen(self, references: Sequence[str], everything: bool) -> list[Task]:
        if bool(references) == everything:
            raise InputError(
                "Name tasks, or everything; not both." if everything else "No task is named.",
                where="references",
                next_step='Write: "backup", or everything=True',
            )
        return list(self.model.tasks.values()) if everything else self.find(*references)

    def _switched(
        self,
        what: str,
        tasks: Sequence[Task],
        become: Callable[[Task, Timing], Task | None],
        new: TaskStatus,
        *,
        everything: bool,
    ) -> Updated:
        """Change the status of tasks; report on those that have it then, of all on the changed."""
        timings = self.model.timings
        chosen = [task.id for task in tasks if become(task, timings[task.timing_id])]
        same = [task.id for task in tasks if task.status == new and not everything]
        notes = tuple(
            f'"{task.name}" is {task.status}; it was left alone.'
            for task in tasks
            if task.id not in chosen and task.status not in {"active", "paused"}
        )

        def edit(current: model.Schedule) -> model.Schedule:
            for task in tasks:
                before = resolving.task(current, task.id)
                found = become(before, current.timings[before.timing_id])
                current = current if found is None else grouping.replaced(current, found)
            return current

        told = [task.id for task in tasks if task.id in {*chosen, *same}]
        return self._changed(what, edit, told, notes)

    def _apply(self, what: str, edit: Edit, *, target: str | None = None) -> Outcome:
        outcome = changing.change(self.site, what, edit, target=target)
        self.site.fresh()
        return outcome

    def _changed(
        self, what: str, edit: Edit, task_ids: Sequence[str], notes: tuple[str, ...]
    ) -> Updated:
        outcome = self._apply(what, edit)
        return Updated(tuple(self.model.tasks[i] for i in task_ids), notes, outcome)

    def _states(self) -> States:
        return history.task_states(self.site.ledger) if self.site.home.ledger.exists() else {}

    def _view(self, task: Task, states: States, due: str | None) -> dict[str, Any]:
        timing = self.model.timings[task.timing_id]
        if task.active_hours or task.end_date or upcoming.is_ahead(task, self.site.host.now):
            due = next(iter(upcoming.of_task(task, timing, self.site, 1)), None)
        return views.of_task(task, timing, states.get(task.id, {}), due)

    def _due(self, timing: Timing) -> str | None:
        return views.next_slot(timing, self.site.host.zone, self.site.host.now)


def _require_texts(**values: object) -> None:
    """Refuse what must be text; all but the schedule may be left out (None)."""
    for name, value in values.items():
        if value is not None or name == "schedule":
            require_text(value, name, EXAMPLES[name])


def _require_status(status: str | None, known: Collection[str]) -> None:
    if status is not None and status not in known:
        raise InputError(
            f"{status!r} is not a status.",
            where="status",
            next_step=f"Write one of: {', '.join(known)}",
        )


def _require_moment(since: object) -> None:
    if not (since is None or isinstance(since, datetime)):
        raise InputError(
            f"{since!r} is not a datetime.",
            where="since",
            next_step="Write: datetime.now(UTC) - timedelta(hours=1)",
        )
