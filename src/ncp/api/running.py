"""Run tasks by hand, and be a task's own process."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from ncp import fingerprint, secrets
from ncp.api import reading, resolving, seeing
from ncp.applying import changing
from ncp.errors import InputError, NcpError, NotFoundError
from ncp.ledger import record, steps
from ncp.ledger.compiled import compiled_task, get_meta
from ncp.process import contained
from ncp.process.contract import NOT_FOUND, NOT_RUNNABLE
from ncp.runner import run_now
from ncp.store import home as homes

if TYPE_CHECKING:
    from ncp.applying.site import Site
    from ncp.ledger.compiled import CompiledTask
    from ncp.model import Task
    from ncp.runner.output import Echo

ABOUT = (
    *("NCP_TASK_ID", "NCP_TASK_NAME", "NCP_TIMING_ID", "NCP_EXECUTION_ID", "NCP_SLOT"),
    *("NCP_ATTEMPT", "NCP_STEP"),
    *("NCP_STATUS", "NCP_REASON", "NCP_EXIT_CODE", "NCP_SIGNAL", "NCP_OUTPUT_FILE"),
    *("NCP_STARTED_AT", "NCP_ENDED_AT", "NCP_DURATION_SECONDS"),
)
"""What a runner tells a task about its execution, a step of itself, a hook of what has ended."""

DELETED = "its task was deleted meanwhile"


class CannotExecuteError(NcpError):
    """A task's program that cannot be started; `exit_code` is what shells give for it."""

    def __init__(self, what: str, code: int, **parts: str) -> None:
        super().__init__(what, **parts)
        self.exit_code = code


@dataclass(frozen=True, slots=True)
class Ran:
    """An exit code (of `ncp.errors`), and the executions that led to it."""

    code: int
    executions: list[dict[str, Any]]


def now(site: Site, reference: str, *, echo: Echo | None = None) -> Ran:
    """Run a task, or the active tasks of a timing, at once and without a slot.

    What they print also goes to `echo` as it comes.
    """
    tasks = _chosen(site, reference)
    homes.require_writable(site.home)
    bring_up_to_date(site)
    before = {task.id: _newest(site, task) for task in tasks}
    code = run_now(str(site.home.path), [task.id for task in tasks], echo)
    after = [found for task in tasks for found in _newest(site, task)]
    seen = {found["executionId"] for old in before.values() for found in old}
    return Ran(code, [found for found in after if found["executionId"] not in seen])


def planned(site: Site, reference: str) -> list[dict[str, Any]]:
    """Lay out what `now` would run, and run nothing."""
    return [seeing.of_run(task, site.host) for task in _chosen(site, reference)]


def _chosen(site: Site, reference: str) -> list[Task]:
    meant = resolving.meant(site.document.schedule, reference)
    if meant.alone:
        _require_action(meant.tasks[0])
        return meant.tasks
    active = [task for task in meant.tasks if task.status == "active"]
    if not active:
        raise InputError(
            "None of its tasks is active.",
            where=reference,
            next_step=f"Resume them with: ncp schedule resume {reference}, or run one by its name.",
        )
    return active


def _require_action(task: Task) -> None:
    if not task.acts:
        raise InputError(
            f'"{task.name}" has nothing to run: {task.error_message or "it waits to be mended"}.',
            where=f'tasks["{task.id}"]',
            next_step=f"Mend it: ncp schedule update {task.id} -- COMMAND",
        )


def _newest(site: Site, task: Task) -> list[dict[str, Any]]:
    """The newest execution by hand, if it is among the latest."""
    latest = reading.executions(site, task.id, limit=5)
    return [found for found in latest if found["slot"] is None][:1]


def bring_up_to_date(site: Site) -> None:
    """Compile a document that was edited by hand: a runner reads the compiled copy."""
    if get_meta(site.ledger, "document") != fingerprint.document(str(site.home.path)):
        changing.sync(site)


def execute(site: Site, task_id: str, part: str = "") -> NoReturn:
    """Become the process of a task as it was compiled: its folder, environment, program.

    `part` is the number of one of its steps, or the name of a hook.
    The compiled copy is read, so that a broken schedule.json stops no firing.
    """
    home = site.home
    task = compiled_task(site.ledger, task_id) if home.ledger.exists() else None
    if task is None:
        raise _not_there(site, task_id, part)
    argv = _program(task, part)
    if not argv and task.tool:
        from ncp.mcp import execution  # noqa: PLC0415  the SDK, for tool tasks alone

        sys.exit(execution.run(site.ledger, task))
    if not argv:
        raise InputError(
            "It has no such step or hook.",
            where=f"{task.name} {part}",
            next_step=f"See: ncp schedule get {task.id}",
        )
    told = {name: os.environ[name] for name in ABOUT if name in os.environ}
    limits = () if part in steps.HOOKS else task.limits
    _become(task, argv, {**task.env, **_looked_up(site, task, part), **told}, limits)


def _not_there(site: Site, task_id: str, part: str) -> NcpError:
    """Say that there is no such task, in the record too where its execution goes on."""
    what, home = f'No task has the id "{task_id}".', site.home
    parts = {"where": str(home.path), "next_step": "Run: ncp schedule list"}
    if "NCP_EXECUTION_ID" not in os.environ or not home.ledger.exists():
        return NotFoundError(what, **parts)
    _explain(site, part, DELETED)
    return CannotExecuteError(what, NOT_RUNNABLE, **parts)


def _program(task: CompiledTask, part: str) -> tuple[str, ...]:
    if not part:
        return task.argv
    hooks = dict(zip(steps.HOOKS, (task.on_failure, task.on_success), strict=True))
    found = steps.decoded(hooks.get(part, task.steps))
    number = int(part) if part.isdecimal() else 1
    return found[number - 1].argv if 1 <= number <= len(found) else ()


def _explain(site: Site, part: str, reason: str) -> None:
    """Have the record say why."""
    execution = os.environ.get("NCP_EXECUTION_ID", "")
    if part:
        position = int(part) if part.isdecimal() else steps.HOOK
        steps.explain(site.ledger, execution, position, reason)
    else:
        record.explain(site.ledger, execution, reason)


def _looked_up(site: Site, task: CompiledTask, part: str) -> dict[str, str]:
    """Read what stands elsewhere; where it cannot be had, the record says so."""
    secrets.find_session()
    if part in steps.HOOKS:  # who is told of a failure must hear of a missing secret, too
        return secrets.obtainable(task.env_file, task.own)
    try:
        given = {} if task.env_file is None else secrets.env_file(task.env_file)
        return {**given, **secrets.resolved(task.own)}
    except secrets.SecretError as error:
        _explain(site, part, f"{error.what.rstrip('.')} ({error.where})")
        raise CannotExecuteError(
            error.what, NOT_RUNNABLE, where=error.where, next_step=error.next_step
        ) from None


def _become(
    task: CompiledTask, argv: tuple[str, ...], env: dict[str, str], limits: tuple[int, ...]
) -> NoReturn:
    where = task.cwd or "/"
    try:
        os.chdir(where)
        where = argv[0]
        for name in ("SIGPIPE", "SIGXFSZ"):
            if hasattr(signal, name):
                # Python ignores it, and the program would inherit that.
                signal.signal(getattr(signal, name), signal.SIG_DFL)
        contained(limits, env.get("NCP_EXECUTION_ID", ""))
        os.execvpe(where, argv, env)  # noqa: S606  the task is a program of its own
    except OSError as error:
        code = NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_RUNNABLE
        raise CannotExecuteError(
            f"It cannot be run: {error.strerror}.",
            code,
            where=where,
            next_step=f"Correct it with: ncp schedule update {task.id}",
        ) from None
