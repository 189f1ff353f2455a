"""The migration itself, in an order that loses nothing and that can be begun again at any point.

Read and convert all in memory; write settings, history and a copy of jobs.json; then the new
schedule.json and the new entries, as with any change; then the old entries go, and last of all
jobs.json, whose copy stays. Until that moment the next run begins again and finds its own work.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ncp import environment, files, trust
from ncp.applying import changing
from ncp.errors import InputError
from ncp.intake import opening
from ncp.intake.deed import foresee, told
from ncp.ledger import baseline
from ncp.ledger.compiled import set_meta
from ncp.mcp import servers
from ncp.migrating import entries, history, jobs, past, second, settings
from ncp.migrating.merging import merged
from ncp.store import schedule as schedules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ncp.applying.site import Site
    from ncp.intake.items import Foretold, Line, Report
    from ncp.migrating.history import Past
    from ncp.migrating.jobs import Job
    from ncp.model import Schedule

BACKUP = ".backup-"
EXECUTIONS = "executions"


@dataclass(frozen=True, slots=True)
class Old:
    """All that an old home says, in memory; `source` is the text of jobs.json."""

    path: Path
    source: bytes
    jobs: tuple[Job, ...]
    past: Sequence[Past]
    settings: Mapping[str, float]
    notes: tuple[str, ...]


def waiting(site: Site) -> Path | None:
    """Find the jobs.json of a home that waits to be migrated."""
    path = site.home.path / jobs.FILE
    return path if path.is_file() or path.is_symlink() else None


def migrate(
    site: Site, given: Path | None = None, *, dry_run: bool = False, target: str | None = None
) -> Report:
    """Take over a home of the first version: `given` is its folder or its jobs.json.

    Without it that is the home itself, where everything old is replaced. Of
    another one only the OS entries of its jobs are, and its files stay.
    """
    changing.require_same_target(site, target)
    own = waiting(site)
    path = own if given is None else given / jobs.FILE if given.is_dir() else given
    if path is None:
        return second.migrate(site, dry_run=dry_run, target=target)
    at_home = own is not None and path.exists() and path.samefile(own)
    if dry_run:
        return _foreseen(site, read(site, path), target, at_home=at_home)
    with changing.locked(site, "migrate"):
        changing.finish(site)
        if at_home and not path.exists():  # somebody else was faster
            return second.migrated(site, target)
        return _done(site, read(site, path), target, at_home=at_home)


def read(site: Site, path: Path) -> Old:
    """Read and convert everything; nothing is written."""
    trust.require_private(path)
    opened = opening.opened(str(path))
    names = servers.read(site.home) if site.exists else {}
    found = jobs.read(opened.data, str(path), names)
    found_past, notes = past.read(path.parent / EXECUTIONS)
    config = path.parent / settings.FILE
    said, more = settings.read(schedules.contents(config), str(config))
    return Old(path, opened.data, found, found_past, said, (*notes, *more))


def _merged(site: Site, old: Old) -> Foretold:
    timeout = old.settings.get("default_timeout_seconds", site.settings.default_timeout_seconds)
    captured = environment.capture(os.environ, site.settings.capture_environment)
    defaults = {
        "timeout_seconds": timeout,
        "captured_environment": captured,
        "umask": environment.umask(),
    }
    return merged(site, site.document.schedule, old.jobs, defaults)


def _lacking(old: Old, lines: Sequence[Line]) -> tuple[str, ...]:
    """Say which servers the jobs that came in lack."""
    pairs = zip(old.jobs, lines, strict=True)
    return jobs.servers_missing(job for job, line in pairs if line.outcome != "already there")


def _foreseen(site: Site, old: Old, target: str | None, *, at_home: bool) -> Report:
    merge = _merged(site, old)
    left, stays = entries.found(site.host, None if at_home else _ids(old))
    held = second.replaced(left, "would be replaced")
    repaired = second.put_right(site, "would be put right")
    notes = (
        *repaired,
        *old.notes,
        *_lacking(old, merge.lines),
        *past.said(old.past),
        *held,
        *stays,
    )
    return foresee(site, merge, notes, target, dry=True)


def _done(site: Site, old: Old, target: str | None, *, at_home: bool) -> Report:
    merge = _merged(site, old)
    copy = _copy(old, site) if at_home else None
    repaired = second.put_right(site, "is put right")
    known: list[str] = []

    def first() -> None:
        known.extend(schedules.add_settings(site.home, old.settings))
        _remember(site, old, merge.schedule)
        if at_home:
            set_meta(site.ledger, second.HISTORY, second.history_of(site))
        if copy is not None:
            files.write(copy, old.source)
        site.__dict__.pop("settings", None)

    outcome = changing.put(site, merge.schedule, first, target=target)
    gone, advice = entries.remove(site.host, None if at_home else _ids(old))
    if copy is not None:
        _leave(old, copy)
    site.fresh()
    notes = (
        *repaired,
        *old.notes,
        *_lacking(old, merge.lines),
        *(f"config.toml says {key} already; that counts." for key in known),
        *past.said(old.past),
        *second.replaced(gone, "was replaced"),
        *((f"The old file is kept as {copy}.",) if copy else ()),
    )
    report = told(merge, notes, outcome)
    return replace(report, notes=(*report.notes, *advice))


def _copy(old: Old, site: Site) -> Path:
    """Where the copy of the old file stands: one that holds the same already, or a new name."""
    for path in sorted(old.path.parent.glob(f"{jobs.FILE}{BACKUP}*")):
        if schedules.contents(path) == old.source:
            return path
    stamp = site.host.now.strftime("%Y%m%dT%H%M%SZ")
    name, number = f"{jobs.FILE}{BACKUP}{stamp}", 1
    while (old.path.parent / name).exists():
        number += 1
        name = f"{jobs.FILE}{BACKUP}{stamp}-{number}"
    return old.path.parent / name


def _leave(old: Old, copy: Path) -> None:
    """Take jobs.json away, where its copy says the same; what was written meanwhile stays."""
    if schedules.contents(old.path) != old.source:
        raise InputError(
            "It was changed while it was migrated.",
            where=str(old.path),
            next_step="Stop the old tool, then run: ncp schedule migrate",
        )
    if schedules.contents(copy) == old.source:
        old.path.unlink()


def _remember(site: Site, old: Old, schedule: Schedule) -> None:
    """Take counters and executions into the ledger, and what they left into files."""
    known = {one: job.task_id for job in old.jobs for one in reversed(job.ids)}
    last = {one.old_id: one for one in old.past}
    rows = past.rows(site, old.past, known, schedule)
    baseline.add(site.ledger, [_counters(job, last) for job in old.jobs if job.count], rows)


def _counters(job: Job, last: Mapping[str, Past]) -> baseline.Counters:
    found = last.get(job.last_id)
    started = job.last_at or (found.started if found else None)
    known = found.id if found else history.new_id(job.last_id, started) if started else None
    at = None if started is None else int(started.timestamp() * 1000)
    return job.task_id, job.count, known, at, found.status if found else None


def _ids(old: Old) -> set[str]:
    return {one for job in old.jobs for one in job.ids}
