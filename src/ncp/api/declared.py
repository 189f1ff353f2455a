"""A home made to be what a declarative file says: `ncp schedule apply`."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from ncp import environment
from ncp.api import tooling
from ncp.declaring import deed
from ncp.errors import NcpError
from ncp.intake.items import Options, Refusal
from ncp.taskfile import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ncp.applying.site import Site
    from ncp.declaring.deed import Wish
    from ncp.intake.items import Foretold, Found, Item
    from ncp.intake.opening import Opened
    from ncp.model import Task


def read(site: Site, opened: Opened, weekdays: str | None = None) -> Found:
    """List the tasks of a file with the defaults of this home; `weekdays` as in `Options`."""
    settings = site.settings
    captured = environment.capture(os.environ, settings.capture_environment)
    options = Options(site.host, opened.where, opened.path, captured=captured, weekdays=weekdays)
    values = {
        "timeoutSeconds": settings.default_timeout_seconds,
        "workingDirectory": ".",
        "catchupMissed": True,
    }
    return reading.read(opened, options, lambda _: origin(opened), values)


def origin(opened: Opened) -> str:
    """What the tasks of a file note as theirs; all that come from standard input share one."""
    return f"{reading.APPLIED}{opened.path or '-'}"


def decide(site: Site, found: Found, wish: Wish, *, validate: bool) -> tuple[Found, Foretold]:
    """Say what becomes of each task; tools that their servers do not take are refused.

    Without `validate` no server is asked.
    """
    decided = deed.decide(site, site.document.schedule, found.items, wish)
    items = tuple(_checked(site, found.items, decided, validate=validate))
    if items == found.items:
        return found, decided
    return replace(found, items=items), deed.decide(site, site.document.schedule, items, wish)


def _checked(
    site: Site, items: Sequence[Item], decided: Foretold, *, validate: bool
) -> Iterator[Item]:
    """Ask about the tools that are to be called from now on, or with something else."""
    for item, line in zip(items, decided.lines, strict=False):  # deleted ones come last
        if line.task is None or not _is_other(
            site.document.schedule.tasks.get(line.task.id), line.task
        ):
            yield item
            continue
        try:
            notes = tooling.notes(site, line.task, validate=validate)
        except NcpError as error:
            yield replace(item, refusal=Refusal.of(error), warnings=())
        else:
            yield replace(item, warnings=(*item.warnings, *notes))


def _is_other(old: Task | None, task: Task) -> bool:
    """Tell whether a tool is to be called that was not called so before.

    A task that rests is asked about when it becomes active.
    """
    before = None if old is None else (old.tool, old.parameters, old.status)
    called = task.tool is not None and task.status == "active"
    return called and (task.tool, task.parameters, task.status) != before
