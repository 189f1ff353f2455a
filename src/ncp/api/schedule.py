"""The schedule of one home, as an object."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Unpack

from ncp.api import reading
from ncp.api.options import TaskChanges, TaskOptions, require_texts
from ncp.api.wording import in_words
from ncp.applying import changing
from ncp.applying.site import Site
from ncp.store import home as homes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from ncp import model
    from ncp.api.answers import Created, Updated
    from ncp.api.catching_up import CaughtUp
    from ncp.api.cleaning import Cleaned
    from ncp.api.compiling import Compiled
    from ncp.api.examining import Examined
    from ncp.api.exporting.exported import Exported
    from ncp.api.imports import Applied, Imported
    from ncp.api.logs import Log
    from ncp.api.looking import Coming, Explained
    from ncp.api.removing import Left
    from ncp.api.running import Ran
    from ncp.api.servers import Servers
    from ncp.api.upkeep import Upkeep
    from ncp.applying.changing import Outcome
    from ncp.applying.choosing import Choice
    from ncp.config import Settings
    from ncp.intake.items import Line, Report
    from ncp.intake.opening import Opened
    from ncp.model import Changes, Host, Task, Timing
    from ncp.runner.output import Echo


@in_words
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

    @property
    def path(self) -> Path:
        """The folder of the home."""
        return self.site.home.path

    @property
    def exists(self) -> bool:
        """Whether the home has been used."""
        return self.site.exists

    @property
    def settings(self) -> Settings:
        """The settings of config.toml, with the defaults of those that are not there."""
        return self.site.settings

    @property
    def host(self) -> Host:
        """The machine: its clock, zone, user and tools, looked at once."""
        return self.site.host

    @property
    def target(self) -> Choice:
        """The scheduler that this home uses, or would use, and why."""
        return changing.choice(self.site)

    @property
    def mcp(self) -> Servers:
        """The MCP servers of this home."""
        from ncp.api.servers import Servers

        return Servers(self.site)

    @property
    def upkeep(self) -> Upkeep:
        """What commands do before their deed, and what firings ask for."""
        from ncp.api.upkeep import Upkeep

        return Upkeep(self.site)

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
        from ncp.api import creating

        return creating.create(
            self.site,
            schedule,
            command,
            given,
            name=name,
            timezone=timezone,
            target=target,
            validate=validate,
            trial=trial,
            allow_duplicate_name=allow_duplicate_name,
            if_absent=if_absent,
        )

    def get_task(self, reference: str) -> dict[str, Any]:
        """Show one task as the JSON of `get`."""
        return reading.task(self.site, reference)

    def describe_task(self, reference: str) -> dict[str, Any]:
        """Show all that is known of one task: beside `get_task` what it sees and how it went."""
        from ncp.api import details

        return details.of_task(self.site, reference)

    def list_tasks(
        self, *, status: str | Sequence[str] | None = None, tag: str | Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """Show all tasks, or those of one status and one tag (or of several), in their order."""
        return reading.tasks(self.site, status, tag)

    def find(self, *references: str) -> list[Task]:
        """Find tasks by id, unique id prefix, name, the id of their timing, or `tag:X`; each once.

        A word that may mean a task and a timing is refused: `task:X` and `timing:X` say which.
        """
        return reading.find(self.site, references)

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
        from ncp.api import resolving

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
        require_texts(schedule=schedule or "", timezone=timezone)
        from ncp.api import updating

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
        from ncp.api import switching

        return switching.pause(self.site, references, everything=everything)

    def resume(self, *references: str, everything: bool = False) -> Updated:
        """Let paused tasks fire again from now on; what was missed meanwhile is not run.

        With `everything` those that a pause of all has found active; a task that was paused by
        itself stays so. A task with an error is resumed where it is named.
        """
        from ncp.api import switching

        return switching.resume(self.site, references, everything=everything)

    def delete_task(self, *references: str) -> Updated:
        """Delete tasks; the last of a timing takes the timing and its entry along."""
        from ncp.api import switching

        return switching.delete(self.site, references)

    create_job = create_task
    """The name that users of the predecessor know for `create_task`."""
    get_job = get_task
    """The name that users of the predecessor know for `get_task`."""
    delete_job = delete_task
    """The name that users of the predecessor know for `delete_task`."""

    def list_timings(self) -> list[dict[str, Any]]:
        """Show all timings with their next slots."""
        return reading.timings(self.site)

    def next_slots(self, task: Task, count: int = 5) -> list[str]:
        """List the next slots in which a task takes part, in UTC; none unless it is active."""
        from ncp.api import upcoming

        return upcoming.of_task(task, self.model.timings[task.timing_id], self.site, count)

    def sentence(self, timing: Timing) -> str:
        """Say in a sentence when a timing is due."""
        from ncp.api import looking

        return looking.sentence(self.site, timing)

    def next(
        self,
        schedule: str,
        *,
        timezone: str | None = None,
        after: datetime | None = None,
        count: int = 5,
    ) -> Coming:
        """List the next slots of a schedule (cron, words), of a task or a timing.

        They lie strictly after an aware instant, default now. With a zone it is a schedule.
        """
        from ncp.api import looking

        return looking.upcoming(self.site, schedule, timezone, after=after, count=count)

    def explain(self, schedule: str, *, timezone: str | None = None) -> Explained:
        """Say what a schedule, a task or a timing means, and what each target makes of it."""
        from ncp.api import looking

        return looking.explain(self.site, schedule, timezone)

    def reads(self, schedule: str) -> bool:
        """Tell whether a text reads as a schedule."""
        from ncp.api import looking

        return looking.is_schedule(self.site, schedule)

    def compile(
        self, schedule: str | None = None, *, target: str | None = None, timezone: str | None = None
    ) -> Compiled:
        """Compile a schedule, or all of this home, for any target on any machine.

        Installs nothing.
        """
        from ncp.api import compiling

        return compiling.compile(self.site, schedule, target=target, zone=timezone)

    def compile_lines(
        self, lines: Iterable[str], *, target: str | None = None, timezone: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Compile one schedule per line; yield the JSON of each, `{"cron", "error"}` if refused."""
        from ncp.api import compiling

        name = compiling.chosen(self.site, target)
        return compiling.batch(self.site, lines, timezone, name)

    def run(self, reference: str, *, echo: Echo | None = None) -> Ran:
        """Run a task, or the active tasks of a timing, now; no slot of theirs is used up.

        What they print also goes to `echo` as it comes.
        """
        from ncp.api import running

        return running.now(self.site, reference, echo=echo)

    def preview(self, reference: str) -> list[dict[str, Any]]:
        """Lay out what `run` would start, where and with what; runs nothing."""
        from ncp.api import running

        return running.planned(self.site, reference)

    def catch_up(
        self,
        reference: str | None = None,
        *,
        everything: bool = False,
        limit: int = 100,
        dry_run: bool = False,
        echo: Echo | None = None,
    ) -> CaughtUp:
        """Run the newest missed slot of each active task, of one task or of one timing.

        With `everything` each missed slot runs, oldest first, the newest `limit` of a task. A
        slot that has started is never run again.
        """
        from ncp.api import catching_up

        return catching_up.catch_up(
            self.site, reference, everything=everything, most=limit, dry_run=dry_run, echo=echo
        )

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
        return reading.executions(self.site, reference, status=status, since=since, limit=limit)

    def execution(self, reference: str) -> dict[str, Any]:
        """Show one execution with its steps and output: by its id, a start of that, or its task."""
        from ncp.api import showing

        return showing.of_execution(self.site, reference)

    def output(self, reference: str) -> tuple[str, Iterator[tuple[str, bytes]]]:
        """Read what an execution printed: its id, and ("stdout", "stderr" or "ncp", bytes) pairs.

        Named as in `execution`.
        """
        from ncp.api import logs, showing

        execution = str(showing.find(self.site, reference)["executionId"])
        return execution, logs.output_of(self.site, execution)

    def log(self, task: str | None = None) -> Log:
        """Open the daily log, of everything or one task: read its `last` lines, `follow` it."""
        from ncp.api import logs

        return logs.Log(self.site, task)

    def logs(self, task: str | None = None, *, lines: int = 20) -> list[str]:
        """Read the last lines of the daily log, of everything or about one task."""
        return self.log(task).last(lines)

    def stats(self, reference: str | None = None) -> list[dict[str, Any]]:
        """Count the executions of each task, or of one task or timing, and how long they took."""
        from ncp.api import statistics

        return statistics.of_tasks(self.site, reference)

    def overview(self) -> dict[str, Any]:
        """Show what comes next and whether it will fire, what runs, what went wrong last."""
        from ncp.api import overview

        return overview.overview(self.site)

    def plan(self) -> Changes:
        """Say what a sync would change; changes nothing."""
        from ncp.applying import installing

        choice = changing.choice(self.site)
        wanted = installing.artifacts(self.model, choice.name, self.site.host)
        return installing.plan(wanted, choice.name, self.site.host)[0]

    def sync(
        self, *, target: str | None = None, adopt: bool = False, empty: bool = False
    ) -> Outcome:
        """Make the machine's entries what the schedule says; with `target`, move them there.

        `adopt` takes over a home that another machine used, or a copy; `empty` removes what was
        made from a document that is gone, which else raises AbsentError.
        """
        require_texts(schedule="", target=target)
        if adopt:
            self.upkeep.adopt()
        if empty:
            self.site.may_empty = True
        return changing.sync(self.site, target=target)

    def take_along(self) -> list[str]:
        """Remove the entries of the place that this home was moved from; returns their keys."""
        return changing.take_along(self.site)

    def doctor(self, *, fix: bool = False, dry_run: bool = False) -> Examined:
        """Check everything that a firing needs; with `fix` mend what can be mended safely.

        With `dry_run` it is only said what would be mended.
        """
        from ncp.api import examining

        return examining.examine(self.site, fix=fix, dry_run=dry_run)

    def cleanup(
        self,
        *,
        max_age_days: int | None = None,
        max_per_task: int | None = None,
        dry_run: bool = False,
    ) -> Cleaned:
        """Remove old executions with their output; without limits by the settings of the home."""
        from ncp.api import cleaning

        return cleaning.clean(
            self.site, max_age=max_age_days, max_per_task=max_per_task, dry_run=dry_run
        )

    def export(self, kind: str = "ncp") -> Exported:
        """Write the schedule as text: `ncp`, `yaml`, `crontab`, or the artifacts of a target."""
        from ncp.api import exporting

        return exporting.export(self.site, kind)

    def apply(
        self,
        file: str | os.PathLike[str] | Opened,
        *,
        prune: bool = False,
        strict: bool = False,
        dry_run: bool = False,
        target: str | None = None,
        validate: bool = True,
        weekdays: str | None = None,
        before: Callable[[Sequence[Line]], None] | None = None,
    ) -> Applied:
        """Make the home what a YAML or JSON file says (`-`: standard input).

        `prune` deletes what the file made and has no more; `strict` changes nothing where a task
        is refused, which else leaves the others alone. `before` is called with the plan.
        """
        from ncp.api import imports

        return imports.apply(
            self.site,
            file,
            prune=prune,
            strict=strict,
            dry_run=dry_run,
            target=target,
            validate=validate,
            weekdays=weekdays,
            before=before,
        )

    def import_(
        self,
        file: str | os.PathLike[str] | None = None,
        *,
        from_crontab: bool = False,
        kind: str | None = None,
        user_column: bool | None = None,
        weekdays: str | None = None,
        only: Sequence[str] = (),
        update: bool = False,
        disable_imported: bool = False,
        target: str | None = None,
        dry_run: bool = False,
        before: Callable[[Report], None] | None = None,
    ) -> Imported:
        """Take tasks over from a file of another scheduler, or from your own crontab.

        `kind` is a format where it does not show, `only` names of items. `update` lets tasks of
        earlier imports be what it says now. `disable_imported` comments the lines out that came
        over; `before` is called with the report first.
        """
        from ncp.api import imports

        return imports.take(
            self.site,
            file,
            from_crontab=from_crontab,
            kind=kind,
            user_column=user_column,
            weekdays=weekdays,
            only=only,
            update=update,
            disable_imported=disable_imported,
            target=target,
            dry_run=dry_run,
            before=before,
        )

    def migrate(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        target: str | None = None,
        dry_run: bool = False,
    ) -> Report:
        """Take over what the first version of the old tool left: here, or at a `path`."""
        from ncp.api import imports

        return imports.migrate(self.site, path, target=target, dry_run=dry_run)

    def uninstall(self) -> list[tuple[str, Changes]]:
        """Remove every entry of this home, target by target; tasks stay as they are."""
        from ncp.api import removing

        return removing.uninstall(self.site)

    def left(self) -> list[Left]:
        """List what an uninstall leaves, each with the command that removes it."""
        from ncp.api import removing

        return removing.left(self.site)
