"""After an import: comment out what ncp runs now, so that it does not run twice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import files
from ncp.errors import InputError, SchedulerError
from ncp.importing import own_crontab
from ncp.importing.crontab.disabling import disabled

if TYPE_CHECKING:
    from ncp.applying.site import Site
    from ncp.intake.items import Line, Report
    from ncp.intake.opening import Opened


def require_possible(source: Opened, kind: str, *, own: bool) -> None:
    """Refuse where there are no lines to comment out, before anything is taken."""
    if kind != "crontab" or not (own or source.path):
        raise InputError(
            "Only lines of a crontab, a file or one's own, can be commented out.",
            where="--disable-imported",
            next_step="Leave it out, and stop the old scheduler by its own means.",
        )
    if not own and not os.access(Path(source.path).parent, os.W_OK):
        raise InputError(
            "Its folder cannot be written, so no line of it can be commented out.",
            where=source.where,
            next_step="Run it as a user who may, or leave --disable-imported out.",
        )


def taken(report: Report) -> dict[int, str]:
    """Find the lines whose tasks are active in the home: line number to task id."""
    return {
        line.item.line: line.task.id
        for line in report.of("imported", "updated", "already there")
        if line.task is not None and line.task.status == "active" and not _differs(line)
    }


def _differs(line: Line) -> bool:
    """Tell whether the task of a line was left as another version of it."""
    return line.outcome == "already there" and bool(line.differs)


def numbers(report: Report) -> list[int]:
    """List the lines of a dry run that would be commented out."""
    lines = report.of("imported", "updated", "already there")
    return sorted({line.item.line for line in lines if not _differs(line)})


def disable(site: Site, source: Opened, report: Report, *, own: bool) -> int:
    """Comment them out where they were read, and count them; SchedulerError if that changed."""
    lines = taken(report)
    if not lines:
        return 0
    if own:
        own_crontab.disable(site, source, lines)
    else:
        _disable_in_file(source, lines)
    return len(lines)


def _disable_in_file(source: Opened, lines: dict[int, str]) -> None:
    path = Path(source.path)
    if files.read(path) != source.data:
        raise SchedulerError(
            "The tasks are in ncp, but the file was changed meanwhile: its lines still run too.",
            where=source.where,
            next_step="Run the same command again; it will comment them out.",
        )
    state = path.stat()
    text = disabled(source.loose, lines).encode(errors="surrogateescape")
    files.write(path, text, state.st_mode & 0o7777)
    if hasattr(os, "chown") and state.st_uid != path.stat().st_uid:
        os.chown(path, state.st_uid, state.st_gid)
