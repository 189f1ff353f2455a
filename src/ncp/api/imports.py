"""Tasks taken in from elsewhere: from a declarative file, another scheduler, the old tool."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import environment
from ncp.api import declared
from ncp.declaring import deed as declaring
from ncp.declaring.deed import Wish
from ncp.errors import InputError
from ncp.importing import commenting_out, own_crontab, readers
from ncp.importing import deed as taking
from ncp.intake import opening
from ncp.intake.deed import foresee
from ncp.intake.items import Options
from ncp.intake.opening import Opened
from ncp.migrating import deed as migrating
from ncp.taskfile import weekdays as counting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ncp.applying.site import Site
    from ncp.intake.items import Line, Report

FORMATS = readers.NAMES
"""What can be imported."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of each task of a file; the names of those it made and has no more."""

    report: Report
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of each item of a file, named in words by `where`.

    `lines` are those that were commented out, or would be.
    """

    report: Report
    where: str
    lines: tuple[int, ...] = ()


def read(file: str | os.PathLike[str] | Opened) -> Opened:
    """Read a file, or standard input for `-`."""
    return file if isinstance(file, Opened) else opening.opened(os.fspath(file))


def require_way(weekdays: str | None) -> None:
    """Refuse a way to count weekdays that is none."""
    counting.require_way(weekdays)


def apply(
    site: Site,
    file: str | os.PathLike[str] | Opened,
    *,
    prune: bool,
    strict: bool,
    dry_run: bool,
    target: str | None,
    validate: bool,
    weekdays: str | None,
    before: Callable[[Sequence[Line]], None] | None,
) -> Applied:
    """Make the home what a file says; see `Schedule.apply`."""
    require_way(weekdays)
    source = read(file)
    wish = Wish(declared.origin(source), prune=prune, strict=strict, target=target)
    found, decided = declared.decide(
        site, declared.read(site, source, weekdays), wish, validate=validate
    )
    if before:
        before(decided.lines)
    if strict:
        declaring.require_all(decided)
    if dry_run or not decided.changes:
        report = foresee(site, decided, found.notes, target, dry=dry_run)
    else:
        report = declaring.carry_out(site, found, wish)
    return Applied(report, tuple(declaring.left(site.document.schedule, found, wish)))


def take(
    site: Site,
    file: str | os.PathLike[str] | Opened | None,
    *,
    from_crontab: bool,
    kind: str | None,
    user_column: bool | None,
    weekdays: str | None,
    only: Sequence[str],
    update: bool,
    disable_imported: bool,
    target: str | None,
    dry_run: bool,
    before: Callable[[Report], None] | None,
) -> Imported:
    """Take tasks over from a file or one's crontab; see `Schedule.import_`."""
    require_way(weekdays)
    source = _source(site, file, own=from_crontab)
    row = _row(source, kind, own=from_crontab)
    if disable_imported:
        commenting_out.require_possible(source, row.name, own=from_crontab)
    captured = environment.capture(os.environ, site.settings.capture_environment)
    options = Options(site.host, source.where, source.path, user_column, captured, weekdays)
    found = taking.chosen(row.reader.read(source, options), only)
    report = taking.take(site, found, dry_run=dry_run, update=update, target=target)
    if before:
        before(report)
    if not disable_imported:
        return Imported(report, source.where)
    if dry_run:
        return Imported(report, source.where, tuple(commenting_out.numbers(report)))
    commenting_out.disable(site, source, report, own=from_crontab)
    return Imported(report, source.where, tuple(commenting_out.taken(report)))


def _source(site: Site, file: str | os.PathLike[str] | Opened | None, *, own: bool) -> Opened:
    if (file is None) != own:
        raise InputError(
            "Name one thing to read: a file, - for standard input, or your own crontab.",
            where="ncp schedule import",
            next_step="Write: ncp schedule import FILE, or: ncp schedule import --from-crontab",
        )
    return own_crontab.read(site.host) if file is None else read(file)


def _row(source: Opened, kind: str | None, *, own: bool) -> readers.Format:
    if kind:
        return readers.named(kind)
    return readers.named("crontab") if own else readers.recognised(source)


def migrate(
    site: Site, path: str | os.PathLike[str] | None, *, target: str | None, dry_run: bool
) -> Report:
    """Take over what the first version of the old tool has left; see `Schedule.migrate`."""
    given = None if path is None else Path(path).expanduser()
    return migrating.migrate(site, given, dry_run=dry_run, target=target)
