"""The state of a home at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.api import reading, views
from ncp.applying import changing
from ncp.doctor import arming, overdue
from ncp.doctor.machine import PREDECESSOR
from ncp.ledger import history

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.applying.site import Site
    from ncp.doctor.arming import Arming

FAILED = ("failure", "timeout", "interrupted")
MOST_RUNNING = 20
EXITS = {126: "a program it calls cannot be executed", 127: "a program it calls does not exist"}
"""What a shell means by its exit codes (POSIX, 2.8.2)."""
SIGNALLED = range(129, 160)


def overview(site: Site) -> dict[str, Any]:
    """Lay out what comes next and whether it will fire, what runs, what went wrong last.

    A timing whose `fires` is false has no entry, or its scheduler does not run.
    """
    choice = changing.choice(site)
    predecessor = site.home.path / PREDECESSOR
    armed = arming.look(site) if site.document.schedule.timings else None
    return {
        "home": str(site.home.path),
        "target": choice.name,
        "reason": choice.reason,
        "timings": _timings(site, armed),
        "running": reading.executions(site, status="running", limit=MOST_RUNNING),
        "failures": _failures(site),
        "warnings": [
            {"subject": found.subject, "message": found.message, "mend": found.mend}
            for found in (armed.findings if armed else ())
        ],
        "overdue": [
            {"timingId": found.timing_id, "slot": views.iso(found.overdue)}
            for found in overdue.watch(site)
            if found.overdue is not None
        ],
        "predecessor": str(predecessor) if predecessor.exists() else None,
    }


def _timings(site: Site, armed: Arming | None) -> list[dict[str, Any]]:
    """List the timings, the one that comes next first."""
    wakes = history.wakes(site.ledger) if site.home.ledger.exists() else {}
    found = [
        {
            **timing,
            "lastWake": wakes.get(timing["id"]),
            "hasEntry": armed is None or timing["id"] not in armed.unarmed,
            "fires": armed is None or not (armed.idle or timing["id"] in armed.unarmed),
        }
        for timing in reading.timings(site)
    ]
    return sorted(found, key=lambda one: (not one["nextExecutionAt"], one["nextExecutionAt"] or ""))


def _failures(site: Site) -> list[dict[str, Any]]:
    """List the tasks whose last run failed by that run, the newest first."""
    tasks = [task for task in reading.tasks(site) if task["lastStatus"] in FAILED]
    tasks.sort(key=lambda task: str(task["lastExecutionAt"]), reverse=True)
    found = (_last(site, task) for task in tasks)
    return [one for one in found if one is not None]


def _last(site: Site, task: dict[str, Any]) -> dict[str, Any] | None:
    """Look up the last run of a task; its name may have changed since. None: retention had it."""
    found = history.execution(site.ledger, str(task["lastExecutionId"]))
    return None if found is None else {**found, "taskName": task["name"], "why": why(found)}


def why(execution: Mapping[str, Any]) -> str:
    """Say in words why an execution failed: `exit 127: The program x does not exist`."""
    code = execution["exitCode"]
    reason = execution["reason"] or EXITS.get(code, "")
    if not reason and code in SIGNALLED:
        reason = f"a program it calls was ended by signal {code - 128}"
    if execution["status"] != "failure":
        what = str(execution["status"])
    else:
        what = f"exit {code}" if code is not None else "failure"
    return f"{what}: {reason}" if reason else what
