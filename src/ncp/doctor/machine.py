"""Interpreter, home, files, launcher, clock and zone."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from typing import TYPE_CHECKING

from ncp import fingerprint, trust
from ncp.applying import ahead
from ncp.document.unknown import unknown
from ncp.host import survey
from ncp.ledger import history
from ncp.ledger.compiled import compiled_tasks, get_meta, timing_ids
from ncp.ledger.record import now_ms
from ncp.ledger.schema import require_whole
from ncp.model import Command, Finding
from ncp.store import home as homes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncp.applying.site import Site

SYNC = "ncp schedule sync"
PLAUSIBLE = range(2025, 2100)
PREDECESSOR = "jobs.json"
MEGABYTE = 1024 * 1024
LEAST_BYTES, LEAST_SHARE = 50 * MEGABYTE, 0.02
"""A disk with less is nearly full,"""
LITTLE_BYTES = 1024 * MEGABYTE
"""but the share says nothing of one with more than that: 2 % of a large one last for years."""
ANSWER = "ncp-scheduler "


def interpreter(site: Site) -> Iterator[Finding]:
    """Name the Python that runs this, which a sync records in the launcher."""
    del site
    yield Finding("ok", "interpreter", f"Python {platform.python_version()} at {sys.executable}.")


def home(site: Site) -> Iterator[Finding]:
    """Is the home there, private, and on a local disk?"""
    path = site.home.path
    if not site.exists:
        trust.require_above(path)
        yield Finding("ok", "home", f"{path} is not there yet; the first change makes it.")
        return
    homes.require_safe(site.home)
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        whose, mend = trust.unwritable(path)
        mend = mend.removeprefix("Run: ")
        yield Finding("error", "home", f"You may not write {path}.{whose}", mend)
    else:
        yield Finding("ok", "home", f"{path} is yours alone to write.")
    if (path / PREDECESSOR).exists():
        message = f"{path / PREDECESSOR} is of an earlier version; its jobs are not fired."
        yield Finding("warning", "home", message)


def room(site: Site) -> Iterator[Finding]:
    """Is there room for records and output? On a full disk nothing runs."""
    if not site.exists:
        return
    total, _, free = shutil.disk_usage(site.home.path)
    if free < LEAST_BYTES or (free < LITTLE_BYTES and free < total * LEAST_SHARE):
        message = (
            f"The disk that holds {site.home.path} is nearly full: {free // MEGABYTE} MB are left,"
            f" {100 * free / max(total, 1):.1f} %. Where there is no room nothing can run."
        )
        yield Finding("warning", "disk", message, "ncp schedule cleanup")


def settings(site: Site) -> Iterator[Finding]:
    """Can config.toml be read?"""
    if site.home.config.exists():
        _ = site.settings
        yield Finding("ok", "config.toml", "It can be read.")


def document(site: Site) -> Iterator[Finding]:
    """Can schedule.json be read, and does something of the old tool wait to be taken over?"""
    if (site.home.path / "jobs.json").exists():
        yield Finding("warning", "jobs.json", "It waits to be taken over.", "ncp schedule migrate")
    for words in site.document.repairs:
        yield Finding("warning", "schedule.json", words, "ncp schedule migrate")
    schedule = site.document.schedule
    counts = f"tasks: {len(schedule.tasks)}, timings: {len(schedule.timings)}"
    yield Finding("ok", "schedule.json", f"It can be read ({counts}).")
    for one in unknown(site.document.tree):
        # One that is like none of ncp's is mostly a remark, which may stay.
        yield Finding("warning" if one.near else "ok", "schedule.json", one.text)


def ledger(site: Site) -> Iterator[Finding]:
    """Can the ledger be opened, is it this machine's, and compiled from today's document?"""
    if not site.home.ledger.exists():
        return
    if site.stale:
        message = "Firings go by a copy of schedule.json that is older than the file."
        yield Finding("warning", "ledger", message, SYNC)
    else:
        yield Finding("ok", "ledger", "It can be opened.")


def integrity(site: Site) -> Iterable[Finding]:
    """Is the ledger whole? It takes seconds after a million executions, so nothing else asks."""
    if site.home.ledger.exists():
        require_whole(site.ledger, str(site.home.ledger))
        for timing in timing_ids(site.ledger):  # what SQLite finds whole may still be no text
            compiled_tasks(site.ledger, timing)
    return ()


def launcher(site: Site) -> Iterator[Finding]:
    """Does what the entries call run?"""
    path = site.home.launcher
    if not path.exists():
        needed = bool(site.document.schedule.tasks)
        message = "There is none yet." if not needed else f"{path} is gone, so nothing fires."
        yield Finding("error" if needed else "ok", "launcher", message, SYNC if needed else "")
        return
    shell = () if os.name == "nt" else ("/bin/sh",)
    answer = survey.run(Command((*shell, str(path), "--version")))
    if answer.code == 0 and answer.stdout.startswith(ANSWER):
        yield Finding("ok", "launcher", f"It runs, and answers {answer.stdout.strip()}.")
    else:
        words = " ".join((answer.stderr or answer.stdout).split())[:200] or "nothing"
        message = f"{path} does not run; it answers {answer.code}: {words}"
        yield Finding("error", "launcher", message, SYNC)


def clock(site: Site) -> Iterator[Finding]:
    """Is the year plausible, and is no claim in the future of the clock?"""
    now = site.host.now
    if now.year not in PLAUSIBLE:
        message = f"The clock says {now:%Y-%m-%d %H:%M} UTC."
        yield Finding("error", "clock", message, "timedatectl set-ntp true")
        return
    if site.home.ledger.exists():
        newest = history.newest_start(site.ledger)
        if newest is not None and newest > now_ms() + 60_000:
            message = "The ledger holds an execution from the future, so the clock was set back."
            yield Finding("warning", "clock", message, "timedatectl status")
            return
    yield Finding("ok", "clock", f"{now:%Y-%m-%d %H:%M} UTC.")


def begins(site: Site) -> Iterator[Finding]:
    """Does no task begin in the future? One that was made while the clock was ahead does."""
    for task in ahead.tasks(site.document.schedule, site.host.now):
        message = (
            f"It counts no slot before {task.active_since} (activeSince), which is in the future:"
            " the clock was ahead when it was made or resumed."
        )
        yield Finding("warning", task.name, message, SYNC)


def zone(site: Site) -> Iterator[Finding]:
    """Is the zone the one that the schedule was compiled for?"""
    name = site.host.zone
    compiled = get_meta(site.ledger, "zone") if site.home.ledger.exists() else None
    if compiled is not None and compiled != fingerprint.zone():
        message = f"The machine's zone or its tables changed since the last sync; now {name}."
        yield Finding("warning", "zone", message, SYNC)
    else:
        yield Finding("ok", "zone", f"{name}, by the machine's clock.")
