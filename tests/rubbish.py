"""Files written at random, good and broken, through every importer and the reader of documents.

A reader may refuse them in words (NcpError); anything else that it raises is a defect.
"""

from __future__ import annotations

import json
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import crontabs
from hosts import LINUX
from ncp import document
from ncp.declaring import deed
from ncp.declaring.deed import Wish
from ncp.document import unknown
from ncp.errors import NcpError
from ncp.importing import readers
from ncp.importing.filling import filled
from ncp.intake.items import Options
from ncp.intake.opening import Opened
from ncp.mcp import definition
from ncp.migrating import history, jobs, settings
from ncp.model import Schedule
from ncp.taskfile import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from campaigns import Tally

TEXTS = (
    *("\ud800", "\udc80", "\0", "\u00a0", "\u00b2", "x" * 5000, "", "\x1b[31m", "1" * 5000, "\n"),
    *("0 9 * * 1", "@daily", "Europe/Berlin", "a:b", "~/x", "/x", "2030-01-01T00:00:00Z", "\r"),
    *("weekdays at 9am", "every 90 minutes", "&", "$HOME", "file:/x", "active", "true", "10m"),
)
NUMBERS = (0, 1, -1, 2**31, 2**63, 10**30, 1e308, 1e999, 0.5, True, False, None)
KEYS = (
    *("name", "timingId", "command", "cron", "cronExpression", "schedule", "at", "every", "path"),
    *("timezone", "args", "timeout", "enabled", "steps", "tool", "parameters", "after", "retries"),
    *("activeHours", "limits", "onFailure", "environment", "envFile", "stdin", "shell", "status"),
    *("original", "id", "taskIds", "never", "version", "tasks", "timings", "jobs", "scheduler"),
    *("fireOnce", "maxExecutions", "endDate", "umask", "jitterSeconds", "workingDirectory"),
    *("executionCount", "count", "unit", "anchor", "mcpServers", "type", "url", "headers", "env"),
)
SIGNS = ("{", "}", "[", '"', ",", ":", "\n", "*", "&", "<<", "-", "\u00a0", "0", "!", "|", "\x85")
SITE: Any = SimpleNamespace(
    host=LINUX, settings=SimpleNamespace(default_timeout_seconds=300, capture_environment=())
)


def value(source: Random, depth: int = 0) -> Any:
    """Write a value of any kind."""
    kind = source.random()
    if kind < 0.4:
        return source.choice(TEXTS)
    if kind < 0.6 or depth > 3:
        return source.choice(NUMBERS)
    if kind < 0.8:
        return [value(source, depth + 1) for _ in range(source.randrange(4))]
    return _object(source, depth)


def _object(source: Random, depth: int = 0, **given: Any) -> dict[str, Any]:
    keys = [source.choice(KEYS) for _ in range(source.randrange(5))]
    return {**given, **{key: value(source, depth + 1) for key in keys}}


def tree(source: Random) -> Any:
    """Write what is nearly a file that some reader knows."""
    task = {"name": "n", "command": ["x"], "timingId": "m"}
    timing = _object(source, 2, cronExpression="0 9 * * *") if source.random() < 0.5 else {}
    old = {"name": "n", "cronExpression": "0 9 * * *", "tool": "s:t", "status": "active"}
    kinds = (
        {
            "tasks": {key: _object(source, 1, **task) for key in ("a", "b")},
            "timings": {"m": {"cronExpression": "0 9 * * *", **timing}},
        },
        {"version": "1.0.0", "jobs": {key: _object(source, 1, **old) for key in ("a", "b")}},
        {"tasks": [_object(source, 1, name="n", command=["x"], cron="0 9 1 * 2")]},
        _object(source),
        value(source),
    )
    return source.choice(kinds)


def text(source: Random) -> str:
    """Write a file: JSON, YAML or a crontab, with some signs changed."""
    kind, found = source.random(), json.dumps(tree(source), ensure_ascii=source.random() < 0.5)
    if kind < 0.3:
        found = f"tasks:\n  - {found}\n"
    elif kind < 0.5:
        found = "\n".join(crontabs.line(source) for _ in range(source.randrange(6)))
    for _ in range(source.choice((0, 0, 1, 3))):
        at = source.randrange(len(found) + 1)
        found = found[:at] + source.choice(SIGNS) + found[at + source.randrange(3) :]
    return found


def _document(data: bytes) -> None:
    found = document.parse(data)
    [*unknown.unknown(found.tree)]
    document.parse(document.dump(found, found.schedule)).schedule.tasks.keys()


def _import(name: str) -> Callable[[bytes], None]:
    def taken(data: bytes) -> None:
        opened, options = Opened("f", "", data), Options(LINUX, "f")
        reader = readers.named(name).reader
        reader.recognises(opened)
        items = reader.read(opened, options).items
        schedule, _ = filled(SITE, Schedule(), items)
        again = document.parse(document.dump(document.Document(), schedule)).schedule
        filled(SITE, again, items, update=True)

    return taken


def _apply(data: bytes) -> None:
    opened, options = Opened("f", "", data), Options(LINUX, "f")
    values = {"timeoutSeconds": 300, "workingDirectory": "/"}
    found = reading.read(opened, options, lambda _: "apply:f", values)
    wish = Wish("apply:f", prune=True)
    decided = deed.decide(SITE, Schedule(), found.items, wish)
    deed.decide(SITE, decided.schedule, found.items, wish)


def _servers(data: bytes) -> None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return
    definition.fingerprint(definition.parse("a", found, "f"))


READERS: dict[str, Callable[[bytes], object]] = {
    "document": _document,
    **{f"import {name}": _import(name) for name in readers.NAMES},
    "apply": _apply,
    "jobs.json": lambda data: jobs.read(data, "f", {"s"}),
    "config.json": lambda data: settings.read(data, "f"),
    "summary.csv": lambda data: history.read(data.decode(errors="replace"), {}),
    "mcp.json": _servers,
}


def campaign(tally: Tally, seed: int, count: int) -> Tally:
    """Give that many files to every reader."""
    source = Random(seed)
    for _ in range(count):
        data = text(source).encode("utf-8", "surrogatepass")
        for name, read in READERS.items():
            try:
                read(data)
            except NcpError:
                tally.counts[f"{name} refused"] += 1
            except Exception as error:  # noqa: BLE001  each is a finding
                tally.complaints.append(f"{name}: {type(error).__name__}: {error}: {data[:300]!r}")
            else:
                tally.counts[f"{name} taken"] += 1
    return tally
