"""The schedule of one home, as an object."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Unpack

from ncp.api import creating, reading, resolving, switching, updating
from ncp.api.options import TaskChanges, TaskOptions, require_texts
from ncp.api.wording import in_words
from ncp.applying import changing, installing
from ncp.applying.site import Site
from ncp.store import home as homes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from ncp import model
    from ncp.api.answers import Created, Updated
    from ncp.applying.changing import Outcome
    from ncp.model import Changes, Task


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
        return switching.pause(self.site, references, everything=everything)

    def resume(self, *references: str, everything: bool = False) -> Updated:
        """Let paused tasks fire again from now on; what was missed meanwhile is not run.

        With `everything` those that a pause of all has found active; a task that was paused by
        itself stays so. A task with an error is resumed where it is named.
        """
        return switching.resume(self.site, references, everything=everything)

    def delete_task(self, *references: str) -> Updated:
        """Delete tasks; the last of a timing takes the timing and its entry along."""
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

    def plan(self) -> Changes:
        """Say what a sync would change; changes nothing."""
        choice = changing.choice(self.site)
        wanted = installing.artifacts(self.model, choice.name, self.site.host)
        return installing.plan(wanted, choice.name, self.site.host)[0]

    def sync(self, *, target: str | None = None) -> Outcome:
        """Make the machine's entries what the schedule says; with `target`, move them there."""
        require_texts(schedule="", target=target)
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
        return reading.executions(self.site, reference, status=status, since=since, limit=limit)
