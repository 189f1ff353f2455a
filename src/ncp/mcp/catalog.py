"""What servers offer, as they said it when they were asked last: `<home>/cache/mcp/…json`.

A list belongs to a definition of a server, so that a changed one is asked anew. Where it is not
there, or cannot be read, the server is started and asked.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ncp import files
from ncp.mcp.definition import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ncp.mcp.definition import Server
    from ncp.store.home import Home

    World = Callable[[], Mapping[str, str]]
    """The variables that a server finds, looked up only where one is started: some are secrets."""

UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))
SHAPE = {"name": str, "description": str, "inputSchema": dict}


@dataclass(frozen=True, slots=True)
class Catalog:
    """The tools of a server (`name`, `description`, `inputSchema` of each), and who it says it is.

    `about` has its `name`, `version` and `protocol`; `asked_at` is in epoch seconds; `fresh`
    where it has been asked just now.
    """

    tools: tuple[Mapping[str, Any], ...]
    about: Mapping[str, str]
    asked_at: float
    fresh: bool = False

    @property
    def age(self) -> str:
        """How old it is, for people: `3 hours`."""
        seconds = max(0, time.time() - self.asked_at)
        for size, unit in UNITS:
            count = int(seconds // size)
            if count:
                return f"{count} {unit}{'s' if count > 1 else ''}"
        return "less than a minute"


def tools(
    home: Home, server: Server, world: World, *, refresh: bool = False, folder: str | None = None
) -> Catalog:
    """Say what a server offers; it is started (among the variables of `world`) only where it must.

    Raises McpError, SecretError where it cannot be asked.
    """
    known = None if refresh else kept(home, server)
    return known or asked(home, server, world, folder=folder)


def kept(home: Home, server: Server) -> Catalog | None:
    """Read the list of last time; None where there is none that can be used."""
    with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
        tree = json.loads(_path(home, server).read_bytes())
        # A clock that was put back since has made its age unknown; what is no number is false here.
        if 0 <= tree["asked_at"] <= time.time() and all(map(_is_tool, tree["tools"])):
            about = {str(key): str(value) for key, value in tree["about"].items()}
            return Catalog(tuple(tree["tools"]), about, float(tree["asked_at"]))
    return None


def _is_tool(tree: Mapping[str, Any]) -> bool:
    return all(isinstance(tree[key], kind) for key, kind in SHAPE.items())


def asked(home: Home, server: Server, world: World, **options: Any) -> Catalog:
    """Start a server, ask it, and keep the answer where the home can be written."""
    from ncp.mcp import asking  # noqa: PLC0415  40 ms of asyncio, and mostly nobody is asked

    offered, about = asking.tools(server, world(), **options)
    found = Catalog(offered, about, time.time(), fresh=True)
    with suppress(OSError):
        files.write(_path(home, server), json.dumps(_tree(found)).encode())
    return found


def _tree(found: Catalog) -> dict[str, Any]:
    return {key: value for key, value in asdict(found).items() if key != "fresh"}


def _path(home: Home, server: Server) -> Path:
    return home.path / "cache" / "mcp" / f"{fingerprint(server)}.json"
