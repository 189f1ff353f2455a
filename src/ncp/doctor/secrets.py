"""Secrets that a task cannot have, tried without showing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import secrets
from ncp.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.applying.site import Site
    from ncp.model import Task


def resolvable(site: Site) -> Iterator[Finding]:
    """Resolve the secrets of each active task, as its own process will."""
    for task in site.document.schedule.tasks.values():
        if task.status == "active":
            yield from _of(task)


def _of(task: Task) -> Iterator[Finding]:
    try:
        if task.env_file is not None:
            secrets.env_file(task.env_file)
        secrets.resolved(task.environment)
    except secrets.SecretError as error:
        mend = error.next_step.removeprefix("Run: ")
        yield Finding("error", task.name, f"{error.what.rstrip('.')} ({error.where}).", mend)
