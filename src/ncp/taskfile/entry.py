"""One task of a declarative file: its short form to the fields of a task, or why it is none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ncp.cron.when import understand
from ncp.document import shape
from ncp.document.text import shown
from ncp.errors import InputError, Location
from ncp.fields import TASK, camel
from ncp.intake.items import Item, Refusal
from ncp.taskfile import shorthand, weekdays, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.document.text import Place
    from ncp.intake.items import Options
    from ncp.model import Recurrence
    from ncp.taskfile.trees import Tree

RUN = "run.sh"
WHEN = ("cron", "schedule", "at")
RUNS = ("path", "command", "steps", "tool")
SHORT = ("path", "args", *shorthand.SHORT, "memory", "enabled", "every", "timezone", *WHEN)
"""The keys that schedule.json does not have."""
OURS = {row.key for row in TASK if row.ours}
"""The keys of schedule.json that ncp alone writes."""
KEYS = ("name", *(key for key in shape.TASK_DEFAULTS if key not in OURS), *SHORT)
FIELDS = tuple(row.name for row in TASK if row.name not in {"id", "name", "timing_id", "origin"})


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for all tasks of a file; `values` are what a task has that says nothing."""

    tree: Tree
    options: Options
    folder: Path
    origin: str
    values: Mapping[str, Any]
    old_form: bool = False
    """Whether the file has a `scheduler:` section, as those of the old scheduler had."""


def _bad(key: str, what: str, next_step: str) -> InputError:
    """Complain about a key of a task."""
    return InputError(what, where=Location("task", path=f".{key}"), next_step=next_step)


def item(context: Context, path: Place) -> Item:
    """Read the task at a path of the file; what is wrong with it becomes its refusal."""
    raw = context.tree.value
    for step in path:
        raw = raw[step]
    name = _name(raw, context, path)
    try:
        return _item(context, path, written.texts(context.tree, path, raw), name)
    except InputError as error:
        return _refused(context, path, name, error)


def _name(raw: Any, context: Context, path: Place) -> str:
    name = raw.get("name") if isinstance(raw, dict) else None
    text = context.tree.texts.get((*path, "name"), name)
    return text if isinstance(text, str) and text else f"task {path[-1]}"


def _refused(context: Context, path: Place, name: str, error: InputError) -> Item:
    key = error.key.partition(".")[0].partition("[")[0]
    line = context.tree.line((*path, key) if key else path)
    return Item(
        place=f"{context.options.where}:{line}",
        name=name,
        refusal=Refusal.of(error, error.key),
        line=line,
    )


def _item(context: Context, path: Place, raw: Any, name: str) -> Item:
    _require_known(raw)
    raw, notes = _counted(context, raw)
    timing = _timing(raw)
    tree = _long(context, raw)
    task = shape.task("task", {**tree, "timingId": "timing"}, Location("task"))
    line = context.tree.line(path)
    return Item(
        place=f"{context.options.where}:{line}",
        name=name,
        origin=context.origin,
        schedule=_worded(raw, context) or timing.recurrence,
        timezone=timing.zone,
        values={field: getattr(task, field) for field in FIELDS if camel(field) in tree},
        warnings=notes,
        line=line,
    )


def _counted(context: Context, raw: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Take the expression of a task as its form means it, with a note where cron means another."""
    text, way = raw.get("cron"), context.options.weekdays
    old = context.old_form or raw.get("path") is not None
    if not isinstance(text, str) or way == weekdays.CRON or (way is None and not old):
        return raw, ()
    cron, note = weekdays.translated(text)
    return {**raw, "cron": cron}, (note,) if note else ()


def _require_known(raw: Any) -> None:
    if not isinstance(raw, dict):
        raise InputError(
            f"{shown(raw)} is not a task.",
            next_step='Write for example: {name: sync, path: tasks/sync, cron: "0 9 * * *"}',
        )
    for key in raw:
        if key not in KEYS:
            near = get_close_matches(camel(key), KEYS, n=1)
            advice = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(KEYS)}."
            raise _bad(key, "It is not a key of a task.", advice)
    if not any(raw.get(key) is not None for key in RUNS):
        raise InputError(
            "It has nothing to run.",
            next_step='Write for example: path: tasks/sync, or command: ["/usr/bin/true"]',
        )
    if not isinstance(raw.get("name"), str):
        raise InputError("It needs a name.", next_step='Write for example: name: "sync"')


def _timing(raw: Mapping[str, Any]) -> Any:
    """Check when it is due with the words of schedule.json; a text in words stands for itself."""
    given = [key for key in WHEN if raw.get(key) is not None]
    if len(given) != 1:
        raise InputError(
            f"It needs one of {', '.join(WHEN)}; it has {' and '.join(given) or 'none'}.",
            next_step='Write for example: cron: "0 9 * * 1-5", or schedule: weekdays at 9am',
        )
    cron = raw.get("cron", "* * * * *" if "schedule" in given else None)
    keys = {"cronExpression": cron, "at": raw.get("at"), "timezone": raw.get("timezone")}
    every = {"every": raw["every"]} if raw.get("every") is not None else {}
    try:
        return shape.timing("timing", {**keys, **every}, Location("timing"))
    except InputError as error:
        place = Location("timing", path=".cron") if error.key == "cronExpression" else error.place
        raise InputError(error.what, where=place, next_step=error.next_step) from None


def _worded(raw: Mapping[str, Any], context: Context) -> str | None:
    """Check a schedule in words; one that means another instant each day cannot be kept."""
    text = raw.get("schedule")
    if text is None:
        return None
    if not isinstance(text, str):
        raise _bad("schedule", f"{shown(text)} is no text.", "Write: weekdays at 9am")
    found, _ = _understood(text, context, raw.get("timezone"))
    if found.at is not None:
        raise _bad(
            "schedule",
            f"{shown(text)} is another instant whenever it is read.",
            _daily(text, context) or f'Write: at: "{found.text}"',
        )
    if raw.get("every") is not None:
        raise _bad("every", "It belongs to cron.", "Say it in the words of schedule.")
    return text


def _daily(text: str, context: Context) -> str:
    """What to write for a time of day alone, such as 09:00; empty for anything else."""
    time = text.removeprefix("at ").strip()
    if not time[:1].isdigit() or "-" in time:
        return ""
    try:
        _understood(f"every day at {time}", context, None)
    except InputError:
        return ""
    return f"Write: schedule: every day at {time}"


def _understood(
    text: str, context: Context, zone: str | None
) -> tuple[Recurrence, tuple[str, ...]]:
    host = context.options.host
    try:
        return understand(text, now=host.now, zone=host.zone if zone in {None, "local"} else zone)
    except InputError as error:
        raise _bad("schedule", error.what, error.next_step) from None


def _long(context: Context, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a task out as schedule.json has it."""
    host = context.options.host
    zone = raw.get("timezone")
    short = shorthand.long(raw, host.now, host.zone if zone in {None, "local"} else zone)
    tree: dict[str, Any] = {key: value for key, value in short.items() if key not in SHORT}
    tree = {**context.values, **tree}
    if "enabled" in raw:
        _require_alone(raw, "enabled", "status")
        tree["status"] = "active" if _flag(raw["enabled"]) else "paused"
    if "path" in raw or "args" in raw:
        tree |= _script(context, raw)
    for key in ("workingDirectory", "envFile"):
        if isinstance(tree.get(key), str):
            tree[key] = _absolute(context, tree[key])
    if isinstance(raw.get("after"), list):
        tree["after"] = [{"task": one} if isinstance(one, str) else one for one in raw["after"]]
    return {key: value for key, value in tree.items() if value is not None}


def _require_alone(raw: Mapping[str, Any], short: str, long: str) -> None:
    if long in raw:
        raise _bad(long, f"It has {short} and {long}.", "Remove one of them.")


def _flag(value: object) -> bool:
    value = shorthand.truth(value)
    if not isinstance(value, bool):
        raise _bad("enabled", f"{shown(value)} is not true or false.", "Write: false")
    return value


def _script(context: Context, raw: Mapping[str, Any]) -> dict[str, Any]:
    """A folder with `run.sh` in it, which runs there with `args`."""
    for key in ("command", "steps", "tool", "shell", "workingDirectory"):
        if raw.get(key):
            raise _bad(
                key, f"path says that ./{RUN} runs there, and {key} says another.", "Remove one."
            )
    place, args = raw.get("path"), raw.get("args") or []
    if not isinstance(place, str) or not place:
        raise _bad("path", "It needs the path of a folder.", f"Name that of its {RUN}.")
    if not isinstance(args, list):
        raise _bad("args", f"{shown(args)} is not a list.", 'Write: ["--days", "30"]')
    folder = _absolute(context, place)
    _require_script(Path(folder))
    return {"workingDirectory": folder, "command": [f"./{RUN}", *args]}


def _require_script(folder: Path) -> None:
    script = folder / RUN
    if not script.is_file():
        raise _bad("path", f"There is no {script}.", "Make it, or correct the path.")
    if not os.access(script, os.X_OK):
        raise _bad("path", f"{script} may not be run.", f"Run: chmod +x {script}")


def _absolute(context: Context, path: str) -> str:
    """A path as the file means it: from the folder in which the file is."""
    return os.path.normpath(context.folder / Path(path).expanduser())
