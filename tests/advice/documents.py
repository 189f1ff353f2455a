"""Rows for a schedule.json that somebody has edited, and the edit that the advice asks for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from advice.following import Case

if TYPE_CHECKING:
    from collections.abc import Mapping

LIST = "ncp schedule list"
FILE = '"$NCP_HOME/schedule.json"'
PLACE = "HOME/schedule.json"
GONE = None
"""A key that a document lacks."""
DAYS = {"count": 2, "unit": "day", "anchor": "2026-11-23"}
TOOL = {"command": GONE, "tool": "a:b"}
AT = {"cronExpression": GONE, "at": "2030-01-01T00:00Z"}
NEVER = {"cronExpression": GONE, "never": True}


def document(task: Mapping[str, Any], timing: Mapping[str, Any], **more: Any) -> dict[str, str]:
    """A document of one task, with these keys changed."""
    first = {"name": "a", "command": ["true"], "timingId": "hourly"}
    every = {"cronExpression": "0 * * * *", "taskIds": ["aaaaaaaa"]}
    tree = {
        "version": "2.0.0",
        "timings": {"hourly": _with(every, timing)},
        "tasks": {"aaaaaaaa": _with(first, task)},
    }
    return {PLACE: json.dumps({**tree, **more})}


def _with(tree: dict[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**tree, **changed}.items() if value is not GONE}


def task(sites: str, keys: Mapping[str, Any], edit: str, **more: Any) -> Case:
    """A task with wrong keys, and the edit (of sed) that its advice asks for."""
    return _edited(sites, document(keys, {}), edit, **more)


def timing(sites: str, keys: Mapping[str, Any], edit: str, **more: Any) -> Case:
    """The same of a timing."""
    return _edited(sites, document({}, keys), edit, **more)


def _edited(sites: str, files: dict[str, str], edit: str, **more: Any) -> Case:
    then = (f"$ sed -i '{edit}' {FILE}", *more.pop("then", ()), LIST)
    return Case(sites, LIST, files=files, then=then, **more)


CASES: tuple[Case, ...] = (
    task(
        "document.actions:check_action",
        {"tool": "a:b"},
        's/, "tool": "a:b"//',
        says="Remove one of them, tool or command.",
    ),
    task(
        "document.actions:check_action#2",
        {"command": GONE},
        's|"name": "a"|&, «"command": ["/bin/true"]»|',
    ),
    task(
        "document.actions:_check_company",
        {**TOOL, "stdin": "x"},
        's|"stdin": "x"|«"parameters": {"path": "/backups"}»|',
    ),
    task(
        "document.actions:_check_company#2",
        {"command": GONE, "steps": [{"command": ["true"]}], "shell": True},
        's/{"command": ."true".}/«{"command": ["a | b"], "shell": true}»/;'
        ' s/, "shell": true}}}$/}}}/',
    ),
    task(
        "document.actions:_check_company#3",
        {"shell": True, "command": ["a", "b"]},
        's/"command": ."a", "b"./«"command": ["a | b"]»/',
    ),
    task(
        "document.actions:_check_company#4",
        {"parameters": {"a": 1}},
        's/"command": ."true".,/«"tool": "filesystem:list_directory"»,/',
    ),
    task(
        "document.checks:_complaint",
        {"environment": {"A=B": "x"}},
        "s/A=B/AB/",
        says="Give it a name without =",
    ),
    task("document.checks:_complaint", {"timeoutSeconds": -1}, "s/-1/300/", says="Write "),
    task(
        "document.complaints:converted",
        {"status": "\ud800"},
        "s/.ud800/paused/",
        says="Remove it",
    ),
    task(
        "document.complaints:_complaint",
        {"timingId": GONE},
        's/"name"/"timingId": "hourly", &/',
        says="timingId",
    ),
    task(
        "document.complaints:_mistyped",
        {"timeoutSeconds": "5 minutes"},
        's/"timeoutSeconds": "5 minutes"/"timeoutSeconds": «300»/',
    ),
    task("document.complaints:_mistyped", {"environment": {"A": 5}}, 's/"A": 5/"A": «"5"»/'),
    task(
        "document.relations:_require_short_jitter",
        {"jitterSeconds": 5000},
        "s/5000/«1800»/",
    ),
    task("document.shape:_check_id#2", {"id": "x"}, 's/"id": "x"/"id": «"aaaaaaaa"»/'),
    task("document.whole:_require_timing", {"timingId": "nope"}, "s/nope/«hourly»/"),
    Case(
        "document.relations:_require_coming",
        LIST,
        files=document({"status": "active"}, NEVER),
        then=(
            f"""$ sed -i 's/"active"/«"error"»/' {FILE}""",
            "«ncp schedule update aaaaaaaa --schedule '0 9 * * *'»",
            LIST,
        ),
    ),
    Case(
        "document.relations:_require_known",
        LIST,
        files=document(
            {"after": [{"task": "zzz"}]},
            {"taskIds": ["aaaaaaaa", "bbbbbbbb"]},
            tasks={
                "aaaaaaaa": {
                    "name": "a",
                    "command": ["true"],
                    "timingId": "hourly",
                    "after": [{"task": "zzz"}],
                },
                "bbbbbbbb": {"name": "b", "command": ["true"], "timingId": "hourly"},
            },
        ),
        then=(f"$ sed -i 's/zzz/«bbbbbbbb»/' {FILE}", LIST),
    ),
    Case(
        "document.shape:_check_id",
        LIST,
        files=document(
            {},
            {"taskIds": []},
            tasks={"A B": {"name": "b", "command": ["true"], "timingId": "hourly"}},
        ),
        then=(f"$ sed -i 's/A B/A-B/' {FILE}", LIST),
        says="rename the key",
    ),
    timing(
        "document.shape:_recurrence",
        {"cronExpression": GONE},
        's/"taskIds"/«"cronExpression": "0 9 * * 1-5"», &/',
    ),
    timing(
        "document.shape:_never",
        {**NEVER, "every": DAYS},
        's/, "every": {[^}]*}//; s/"name"/"status": "paused", &/',
        says="Remove it.",
    ),
    timing("document.shape:_one_off", {**AT, "at": "soon"}, 's/"soon"/«"2026-12-24T08:30Z"»/'),
    timing("cron.intervals:_sized", {"every": {**DAYS, "unit": "moon"}}, "s/moon/«day»/"),
    timing(
        "cron.intervals:_sized#2", {"every": {**DAYS, "count": 0}}, 's/"count": 0/"count": «2»/'
    ),
    timing("cron.intervals:_anchored", {"every": {**DAYS, "anchor": "x"}}, 's/"x"/«"2026-11-23"»/'),
    timing(
        "cron.intervals:_check",
        {**AT, "every": DAYS},
        's/, "every": {[^}]*}//',
        says="Leave the interval out.",
    ),
    timing(
        "cron.intervals:_check#2",
        {"every": {"count": 90, "unit": "minute", "anchor": "2026-11-20T08:00Z"}},
        's/"0 . . . ."/«"* * * * *"»/',
    ),
    timing(
        "cron.intervals:_check_days",
        {"cronExpression": "0 9 * * 1", "every": {**DAYS, "count": 7, "anchor": "2026-11-24"}},
        "s/2026-11-24/«2026-11-30»/",
    ),
    Case(
        "targets.covering:plain",
        "ncp schedule sync",
        files=document(
            {},
            {
                "cronExpression": "* 9 * * *",
                "every": {"count": 1440, "unit": "minute", "anchor": "2026-11-20T20:00Z"},
            },
        ),
        then=(f"""$ sed -i 's/"[*] 9 [*] [*] [*]"/«"* * * * *"»/' {FILE}""", "ncp schedule sync"),
    ),
    Case(
        "document.whole:_check_version",
        LIST,
        files=document({}, {}, version=5),
        then=(f"""$ sed -i 's/"version": 5/"version": «"2.0.0"»/' {FILE}""", LIST),
    ),
    Case(
        "document.text:_decoded",
        LIST,
        before=(f"$ printf 'caf\\351' > {FILE}",),
        then=(f'$ echo \'{{"version": "2.0.0"}}\' > {FILE}', LIST),
        says="put a backup in its place",
    ),
    Case(
        "store.schedule:contents",
        LIST,
        before=(f"$ mkfifo {FILE}",),
        then=(f'$ mv {FILE} x; echo \'{{"version": "2.0.0"}}\' > {FILE}', LIST),
        says="Move it away, and put a file there.",
    ),
    Case(
        "store.schedule:contents#2",
        LIST,
        before=(f"$ mkdir {FILE}",),
        then=(f'$ rmdir {FILE}; echo \'{{"version": "2.0.0"}}\' > {FILE}', LIST),
        says="Make it a file",
    ),
)
