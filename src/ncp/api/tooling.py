"""What a tool task is asked before it is made or changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ncp import environment, secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ncp.applying.site import Site
    from ncp.model import Host, Task

TOOL_FIELDS = frozenset({"tool", "parameters"})


def notes(site: Site, task: Task, *, validate: bool = True) -> tuple[str, ...]:
    """Refuse a tool task that cannot work, and say what is doubtful; nothing of a command.

    Without `validate` no server is started or asked for.
    """
    if task.tool is None:
        return ()
    from ncp.mcp import checking  # noqa: PLC0415  only tool tasks need it

    if validate:
        return checking.check(site.home, task.tool, task.parameters, lambda: world(task, site.host))
    checking.require_sdk()
    return ()


def world(task: Task, host: Host) -> Mapping[str, str]:
    """The variables that a server finds when this task starts it, secrets put in."""
    secrets.find_session()
    plain = environment.of_task(replace(task, environment={}), host)
    given = {} if task.env_file is None else secrets.env_file(task.env_file)
    return {**plain, **given, **secrets.resolved(task.environment)}


def concerns(changes: Mapping[str, Any]) -> bool:
    """Tell whether changes of a task touch what is called, or with what."""
    return not TOOL_FIELDS.isdisjoint(changes)
