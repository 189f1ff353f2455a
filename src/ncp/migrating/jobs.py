"""jobs.json: each job as an item with its old id, and how often it has run.

A job that cannot be used as it is becomes an item with the status `error` and
its own text, whose timing never comes where that is what could not be read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ncp import document
from ncp.document import shape, text, waiting
from ncp.document.text import shown
from ncp.errors import DocumentError, Location
from ncp.intake import foreign
from ncp.intake.items import Item
from ncp.migrating import fields
from ncp.migrating.fields import Notes
from ncp.model import Complaint, Recurrence, Task

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

FILE = "jobs.json"
LONGEST_PLACE = 40
WAYS = {
    "cronExpression": "--schedule '0 9 * * *'",
    "timezone": "--schedule '0 9 * * *' --timezone Europe/Berlin",
    "tool": "--tool server:tool",
    "parameters": "--params '{}'",
    "endDate": "--end-date 2030-01-01T00:00:00Z",
    "maxExecutions": "--max-executions 10",
    "fireOnce": "--fire-once",
    "name": "--name NAME",
}
"""How a job that lacks it is mended: options of `ncp schedule update`."""
NOTHING = "job"
"""What stands for a job that is none at all."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job: the item it becomes, the ids that its executions know it by, and its counters.

    `server` is the one that it lacks, and is paused for.
    """

    item: Item
    ids: tuple[str, ...]
    count: int = 0
    last_id: str = ""
    last_at: datetime | None = None
    server: str = ""

    @property
    def way(self) -> str:
        """The command that mends it, where it has to be."""
        keys = [one.key for one in self.item.values.get("complaints", ())]
        some = [WAYS[key] for key in dict.fromkeys(keys) if key in WAYS]
        both = [WAYS["cronExpression"], WAYS["tool"]] if NOTHING in keys else some
        return f"ncp schedule update {self.task_id} {' '.join(both) or '--description MENDED'}"

    @property
    def task_id(self) -> str:
        """The id of the task that it becomes."""
        return str(self.item.values["id"])


def read(source: bytes, where: str, servers: Collection[str]) -> tuple[Job, ...]:
    """Read all jobs; DocumentError names the line of a file that is damaged.

    `servers` are those of mcp.json: a task of any other comes in paused.
    """
    tree = text.parse(source, where)
    foreign.require_ours(tree, where)
    found = tree.get("jobs") if isinstance(tree, dict) else None
    if not isinstance(found, dict):
        raise DocumentError(
            "It is not a jobs.json: it has no object of jobs.", where=where, next_step=text.KEEP
        )
    version = tree.get("version", "1.0.0")
    if not str(version).startswith("1."):
        raise DocumentError(
            f"{shown(version)} is not a version of jobs.json that ncp knows.",
            where=f"{where}: version",
            next_step='Look at it; the jobs of version "1.0.0" can be taken.',
        )
    ids = _ids(found)
    return tuple(_job(key, ids[key], raw, servers) for key, raw in found.items())


def _ids(found: dict[str, Any]) -> dict[str, str]:
    """Give each job the id of its task: its key if that can be one, else its own id, or a hash."""
    ids = {key: key for key in found if shape.TASK_ID.fullmatch(key)}
    for key, raw in found.items():
        if key in ids:
            continue
        own = raw.get("id") if isinstance(raw, dict) else None
        usable = isinstance(own, str) and shape.TASK_ID.fullmatch(own) and own not in ids.values()
        ids[key] = str(own) if usable else _hashed(key)
    return ids


def _hashed(key: str) -> str:
    digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"job-{digest[:12]}"


def _job(key: str, task_id: str, raw: object, servers: Collection[str]) -> Job:
    if not isinstance(raw, dict):
        what = Complaint(NOTHING, f"{shown(raw)} is none")
        return Job(_broken(key, task_id, raw, [what]), (key,))
    notes = Notes()
    when, zone = fields.recurrence(raw, notes)
    name = fields.name(raw, key, notes)
    values: dict[str, Any] = {"id": task_id, **fields.values(raw, notes)}
    count = fields.count(raw, notes)
    fields.unknown(raw, notes)
    if task_id != key:
        notes.warnings.insert(0, f"its key {shown(key)} cannot be an id; its id is {task_id}")
    elif raw.get("id", key) != key:
        notes.warnings.insert(0, f"its id {shown(raw['id'])} differs from its key, which counts")
    if notes.problems:
        values |= _waiting(raw, notes.problems)
    if "tool" not in values:
        values.pop("parameters", None)
    item = _item(key, name, (when, zone), values, notes)
    trouble = _trouble(item)
    if trouble:
        item = _broken(key, task_id, raw, [trouble], notes.warnings)
    last = raw.get("lastExecutionId")
    server = _missing_server(item, servers)
    return Job(
        _paused(item, server) if server else item,
        tuple(one for one in (key, raw.get("id")) if isinstance(one, str)),
        count,
        last if isinstance(last, str) else "",
        fields.instant(raw.get("lastExecutionAt")),
        server,
    )


def _item(
    key: str,
    name: str,
    when: tuple[Recurrence, str | None],
    values: dict[str, Any],
    notes: Notes,
) -> Item:
    return Item(
        place=key if len(key) <= LONGEST_PLACE else f"{key[: LONGEST_PLACE - 1]}…",
        name=name,
        origin=f"{FILE}: {_written(key)}",
        schedule=when[0],
        timezone=when[1],
        values=values,
        warnings=tuple(notes.warnings),
    )


def _written(key: str) -> str:
    """Write a key without what a document cannot hold."""
    return re.sub(r"[\0\ud800-\udfff]", "?", key)


def _waiting(raw: object, problems: Sequence[Complaint]) -> dict[str, Any]:
    """What a task has that waits to be mended."""
    return {
        "status": "error",
        "error_message": waiting.said(problems),
        "complaints": tuple(problems),
        "status_before": waiting.known_status(raw.get("status")) if isinstance(raw, dict) else None,
        "original": json.dumps(raw, ensure_ascii=False),
    }


def _broken(
    key: str,
    task_id: str,
    raw: object,
    problems: Sequence[Complaint],
    warnings: Collection[str] = (),
) -> Item:
    """Make an item of nothing but the text."""
    name = _written(key).strip() or task_id
    notes = Notes()
    notes.warnings.extend(warnings)
    return _item(key, name, (Recurrence(), None), {"id": task_id, **_waiting(raw, problems)}, notes)


def _trouble(item: Item) -> Complaint | None:
    """Say what else keeps the values from being those of a task."""
    try:
        document.check(Task(name=item.name, timing_id="", **item.values), Location())
    except DocumentError as error:
        return Complaint(error.key, error.what.rstrip("."))
    return None


def _missing_server(item: Item, servers: Collection[str]) -> str:
    server = str(item.values.get("tool")).partition(":")[0]
    return "" if item.values["status"] != "active" or server in servers else server


def _paused(item: Item, server: str) -> Item:
    """Pause a task whose server is not there, with the way to mend that."""
    reason = (
        f'The server "{server}" is not in mcp.json. Add it: ncp mcp add {server} -- COMMAND;'
        f" then: ncp schedule resume {item.values['id']}"
    )
    return replace(item, values={**item.values, "status": "paused", "error_message": reason})


def servers_missing(found: Iterable[Job]) -> tuple[str, ...]:
    """Say once for each server which tasks wait for it."""
    waiting: dict[str, list[str]] = {}
    for job in found:
        if job.server:
            waiting.setdefault(job.server, []).append(job.task_id)
    return tuple(
        f'The server "{server}" is not in mcp.json, so its tasks are paused: {len(ids)}.'
        f" Add it: ncp mcp add {server} -- COMMAND;"
        f" then: ncp schedule resume {' '.join(ids[:3])}{' …' if len(ids) > 3 else ''}"
        for server, ids in waiting.items()
    )
