"""The compiled copy of the schedule: all that a firing needs to know, and no more."""

from __future__ import annotations

from ncp import guard, policies

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _sqlite3 import Connection
    from collections.abc import Mapping
    from typing import Any

    from ncp.guard import Every, Masks, Offsets

TASK = (
    *("id", "timing_id", "position", "name", "status", "argv", "env", "cwd", "direct"),
    *("timeout", "grace", "active_since", "end_at", "max_executions", "fire_once", "catchup"),
    *("stdin", "own", "env_file"),
    *("overlap", "retries", "priority", "active_hours"),
    *("limits", "nice", "umask"),
    *("jitter", "after"),
    *("steps", "on_failure", "on_success"),
    *("tool", "parameters", "said"),
)
NUMBERS = ("retries", "active_hours", "limits")
_TASK_COLUMNS = ", ".join(TASK)


class CompiledTask:
    """One task, ready to start.

    `argv` is spawned as it is where `direct`, else through `_task-execute`.
    `env` is the whole environment; where it is not `direct`, the variables of
    `env_file` and then `own`, with secrets by reference, are laid over it by
    the task's own process. `stdin` is what it reads (None: nothing).
    `steps` and the hooks are as `ncp.ledger.steps` encodes them; with steps there is no `argv`.
    `active_since` and `end_at` are epoch seconds, `timeout` (0: none) and
    `grace` seconds. `limits` are empty, or memory in MB, CPU seconds and open
    files, each 0 where there is none.
    `jitter` is in seconds. `after` are pairs of an outcome and the id of a task.
    `tool` is `server:tool` (empty: none) and `parameters` a JSON object; with a tool there is no
    `argv` either. `said` is what the daily log says of the arguments, secrets masked.
    """

    __slots__ = TASK

    def __init__(
        self,
        *,
        id: str,  # noqa: A002  the word of the document
        timing_id: str,
        name: str,
        argv: tuple[str, ...],
        env: Mapping[str, str],
        position: int = 0,
        status: str = "active",
        cwd: str | None = None,
        direct: bool = True,
        timeout: float = 300,
        grace: float = 5,
        active_since: int = 0,
        end_at: int | None = None,
        max_executions: int | None = None,
        fire_once: bool = False,
        catchup: bool = False,
        stdin: bytes | None = None,
        own: Mapping[str, str] | None = None,
        env_file: str | None = None,
        overlap: str = policies.SKIP,
        retries: tuple[int, ...] = (),
        priority: int = policies.MEDIUM,
        active_hours: tuple[int, ...] = (),
        limits: tuple[int, ...] = (),
        nice: int | None = None,
        umask: int = 0o022,
        jitter: float = 0,
        after: tuple[tuple[str, str], ...] = (),
        steps: bytes = b"",
        on_failure: bytes = b"",
        on_success: bytes = b"",
        tool: str = "",
        parameters: str = "",
        said: str = "",
    ) -> None:
        self.id, self.timing_id, self.name = id, timing_id, name
        self.argv, self.env, self.cwd, self.direct = argv, env, cwd, direct
        self.position, self.status = position, status
        self.timeout, self.grace = timeout, grace
        self.active_since, self.end_at = active_since, end_at
        self.max_executions, self.fire_once, self.catchup = max_executions, fire_once, catchup
        self.stdin, self.own, self.env_file = stdin, own or {}, env_file
        self.overlap, self.retries, self.priority = overlap, retries, priority
        self.active_hours = active_hours
        self.limits, self.nice, self.umask = limits, nice, umask
        self.jitter, self.after = jitter, after
        self.steps, self.on_failure, self.on_success = steps, on_failure, on_success
        self.tool, self.parameters, self.said = tool, parameters, said


class CompiledTiming:
    """When a group is due: rules, and of their slots those of `every`; or the one UTC minute `at`.

    `identity` is the text that makes it this recurrence in this zone; `since`
    is the UTC minute up to which no slot counts, set when it is saved.
    """

    __slots__ = ("at", "every", "id", "identity", "offsets", "rules", "since")

    def __init__(
        self,
        *,
        id: str,  # noqa: A002  the word of the document
        identity: str,
        rules: Masks = (),
        offsets: Offsets = ((0, 0),),
        every: Every = guard.ALWAYS,
        at: int | None = None,
        since: int = 0,
    ) -> None:
        self.id, self.identity, self.at, self.since = id, identity, at, since
        self.rules, self.offsets, self.every = rules, offsets, every

    def allows(self, task: CompiledTask, minute: int) -> bool:
        """Tell whether a UTC minute lies in the active hours of a task."""
        return not task.active_hours or policies.within(
            task.active_hours, guard.local(self.offsets, minute)
        )

    def begins(self, now: int) -> int:
        """Say up to which minute no slot counts; a `since` after `now` is of a clock gone wrong."""
        return self.since if self.since <= now else now - 1

    def latest(self, now: int, floor: int) -> int | None:
        """Find the newest slot after `floor` and not after `now`."""
        if self.at is not None:
            return self.at if floor < self.at <= now else None
        return guard.latest(self.rules, self.offsets, now, floor, self.every)

    def following(self, after: int) -> int | None:
        """Find the first slot after `after`."""
        if self.at is not None:
            return self.at if self.at > after else None
        return guard.following(self.rules, self.offsets, after, self.every)

    def count(self, after: int, until: int) -> int:
        """Count the slots after `after` and not after `until`, up to guard.MOST."""
        if self.at is not None:
            return int(after < self.at <= until)
        return guard.count(self.rules, self.offsets, after, until, self.every)


def _split(joined: bytes) -> list[str]:
    return joined.decode("utf-8", "surrogateescape").split("\0")[:-1]


def timing_ids(connection: Connection) -> list[str]:
    """List the ids of all timings."""
    return [row[0] for row in connection.execute("SELECT id FROM timings ORDER BY id")]


def compiled_timing(connection: Connection, timing_id: str) -> CompiledTiming | None:
    """Look up one timing."""
    row = connection.execute(
        "SELECT identity, at, rules, offsets, every, since FROM timings WHERE id = ?", (timing_id,)
    ).fetchone()
    return None if row is None else _timing(timing_id, *row)


def compiled_timings(connection: Connection) -> list[CompiledTiming]:
    """List all timings by id."""
    rows = connection.execute(
        "SELECT id, identity, at, rules, offsets, every, since FROM timings ORDER BY id"
    )
    return [_timing(*row) for row in rows]


def _timing(  # noqa: PLR0917  the columns, in their order
    timing_id: str, identity: str, at: int | None, rules: str, offsets: str, every: str, since: int
) -> CompiledTiming:
    return CompiledTiming(
        id=timing_id,
        identity=identity,
        at=at,
        rules=guard.loads_rules(rules),
        offsets=guard.loads_offsets(offsets),
        every=guard.loads_every(every),
        since=since,
    )


def compiled_tasks(connection: Connection, timing_id: str) -> list[CompiledTask]:
    """List the tasks of one timing in their order."""
    rows = connection.execute(
        f"SELECT {_TASK_COLUMNS} FROM tasks WHERE timing_id = ? ORDER BY position",  # noqa: S608  the names are ours
        (timing_id,),
    )
    return [_task(row) for row in rows]


def compiled_task(connection: Connection, task_id: str) -> CompiledTask | None:
    """Look up one task."""
    row = connection.execute(
        f"SELECT {_TASK_COLUMNS} FROM tasks WHERE id = ?",  # noqa: S608  the names are ours
        (task_id,),
    ).fetchone()
    return None if row is None else _task(row)


def _task(row: tuple[object, ...]) -> CompiledTask:
    values: dict[str, Any] = dict(zip(TASK, row, strict=True))
    for name in ("cwd", "env_file"):
        if isinstance(values[name], bytes):
            values[name] = values[name].decode("utf-8", "surrogateescape")
    values["argv"] = tuple(_split(values["argv"]))
    for name in ("env", "own"):
        values[name] = dict(_pair(text) for text in _split(values[name]))
    for name in NUMBERS:
        values[name] = guard.loads_numbers(values[name])
    values["after"] = tuple(map(_awaited, values["after"].split(";"))) if values["after"] else ()
    return CompiledTask(**values)


def _awaited(text: str) -> tuple[str, str]:
    outcome, _, task_id = text.partition(" ")
    return outcome, task_id


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key, value


def count_tasks(connection: Connection) -> int:
    """Count the tasks of the compiled copy."""
    return int(connection.execute("SELECT count(*) FROM tasks").fetchone()[0])


def get_meta(connection: Connection, key: str) -> str | None:
    """Read one fact about the compiled copy."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(connection: Connection, key: str, value: str) -> None:
    """Remember one fact about the compiled copy."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
