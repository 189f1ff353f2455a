"""Change mcp.json: under the lock of every change, and checked before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp.applying import changing
from ncp.errors import InputError
from ncp.mcp import servers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.applying.site import Site
    from ncp.mcp.definition import Server


def add(site: Site, found: Iterable[Server], *, replace: bool = False) -> None:
    """Add servers; all of them, or none where one cannot be."""
    with changing.locked(site, "mcp add"):
        tree: dict[str, Any] = servers.load(site.home)
        for server in found:
            tree = servers.added(tree, server, replace=replace)
        servers.save(site.home, tree)


def remove(site: Site, name: str, *, force: bool = False) -> None:
    """Remove a server; without `force` only one whose tools no task calls."""
    with changing.locked(site, "mcp remove"):
        tree = servers.removed(servers.load(site.home), name)
        users = servers.users(site.document.schedule.tasks, name)
        if users and not force:
            raise InputError(
                f"Tasks call its tools: {', '.join(task.name for task in users)}.",
                where=name,
                next_step="Delete them first, or write --force: then each execution will fail.",
            )
        servers.save(site.home, tree)
