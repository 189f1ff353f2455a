"""The MCP clients whose servers can be taken over: a row each, and what their files hold."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ncp import masking
from ncp.document.text import shown
from ncp.errors import DocumentError, NcpError
from ncp.mcp import definition
from ncp.mcp.clients import reading, variables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ncp.mcp.definition import Server
    from ncp.model import System

CONFIG = {
    "linux": ("XDG_CONFIG_HOME", ".config"),
    "darwin": ("", "Library/Application Support"),
    "windows": ("APPDATA", "AppData/Roaming"),
}
"""Where programs keep their configurations: a variable, else a folder in the user's home."""


class Client(NamedTuple):
    """A program, its files (the nearest last), and the variables that it puts in.

    `window`: those of editors, such as `${env:NAME}`; `plain`: `${NAME}` and `${NAME:-default}`.
    """

    title: str
    files: tuple[str, ...]
    window: bool = False
    plain: bool = False


CODE = ("Code", "Code - Insiders", "VSCodium")
CLIENTS = {
    "claude-desktop": Client("Claude Desktop", ("{config}/Claude/claude_desktop_config.json",)),
    "claude-code": Client(
        "Claude Code", ("{claude}/.claude.json", "{folder}/.mcp.json"), plain=True
    ),
    "cursor": Client(
        "Cursor", ("{home}/.cursor/mcp.json", "{folder}/.cursor/mcp.json"), window=True
    ),
    "vscode": Client(
        "VS Code",
        (
            *(f"{{config}}/{code}/User/{n}.json" for code in CODE for n in ("mcp", "settings")),
            *("{home}/.vscode-server/data/User/mcp.json",),
            *("{folder}/.vscode/mcp.json", "{folder}/.vscode/settings.json"),
        ),
        window=True,
    ),
}
"""Sources: the configuration references of these programs."""
OTHER = Client("a file", (), window=True, plain=True)
SECTIONS = (("mcpServers",), ("servers",), ("mcp", "servers"))
"""Under which keys a file has its servers: most clients, VS Code, VS Code's settings.json."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where clients are looked for: a machine, its user, and the folder one is in.

    `given` are values for `${input:NAME}` and variables that are secrets.
    """

    system: System
    home: Path
    folder: Path
    environ: Mapping[str, str]
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A server of a client; without a `server` there is a `problem` with it."""

    client: str
    file: Path
    name: str
    server: Server | None
    problem: str = ""


def files(place: Place, client: str) -> list[Path]:
    """Name the files of a client that are there."""
    variable, default = CONFIG[place.system]
    config = place.environ.get(variable) or str(place.home / default)
    folders = {
        "config": config,
        "home": place.home,
        "folder": place.folder,
        "claude": place.environ.get("CLAUDE_CONFIG_DIR") or place.home,
    }
    paths = (Path(form.format(**folders)) for form in CLIENTS[client].files)
    return [path for path in dict.fromkeys(paths) if path.is_file()]


def look(place: Place, client: str, file: Path) -> Iterator[Found]:
    """Read the servers of a file; DocumentError where it cannot be read."""
    tree = reading.read(file)
    project = _project(file, place.home)
    yield from _section(place, client, file, tree, project)
    for folder, inner in _projects(place, tree).items():
        if isinstance(inner, dict):
            yield from _section(place, client, file, inner, Path(folder))


def _projects(place: Place, tree: Mapping[str, Any]) -> dict[str, Any]:
    """What Claude Code keeps of each folder; in one of those only that is meant."""
    found = tree.get("projects")
    known: dict[str, Any] = found if isinstance(found, dict) else {}
    here = str(place.folder)
    return {here: known[here]} if here in known else known


def _project(file: Path, home: Path) -> Path | None:
    """The folder whose project a file belongs to; None for one of the whole user."""
    if file.name == ".mcp.json":
        return file.parent
    inside = file.parent.name in {".cursor", ".vscode"} and file.parent.parent != home
    return file.parent.parent if inside else None


def _section(
    place: Place, client: str, file: Path, tree: Mapping[str, Any], project: Path | None
) -> Iterator[Found]:
    for keys in SECTIONS:
        inner: Any = tree
        for key in keys:
            inner = inner.get(key) if isinstance(inner, dict) else None
        for name, one in inner.items() if isinstance(inner, dict) else ():
            try:
                server = _translated(place, CLIENTS.get(client, OTHER), name, one, project)
            except NcpError as error:
                key = error.where.removeprefix(shown(name)).removeprefix(".")
                words = f"{key}: {error.what}" if key else error.what
                yield Found(client, file, name, None, f"{words} {error.next_step}")
            else:
                yield Found(client, file, name, server)


def _by_hand(name: str, one: dict[str, Any]) -> str:
    """The line that adds a server whose variables are in a file; each NAME of it is one more."""
    arguments = one.get("args")
    words = map(str, arguments if isinstance(arguments, list) else ())
    line = masking.line(shlex.join([str(one.get("command", "COMMAND")), *words]))
    return f"ncp mcp add {shlex.quote(name)} --env NAME=file:PATH -- {line}"


def _translated(place: Place, client: Client, name: str, one: Any, project: Path | None) -> Server:
    """Make a client's definition ncp's: variables put in, its project's folder written down."""
    if isinstance(one, dict):
        if "envFile" in one:
            raise DocumentError(
                "It reads variables from a file, which a server here cannot.",
                where=f"{shown(name)}.envFile",
                next_step=f"Add it by hand: {_by_hand(name, one)}",
            )
        one = {key: value for key, value in one.items() if key in {*definition.KEYS, "type"}}
        context = _context(place, client, one, project)
        one = {key: variables.put_in(context, key, value) for key, value in one.items()}
        one |= _at_home(one, project)
    return definition.parse(name, one, shown(name))


def _context(
    place: Place, client: Client, one: Mapping[str, Any], project: Path | None
) -> variables.Context:
    env = one.get("env")
    return variables.Context(
        place.environ,
        place.given,
        str(place.home),
        project,
        window=client.window,
        plain=client.plain,
        own=tuple(env) if isinstance(env, dict) else (),
    )


def _at_home(one: Mapping[str, Any], project: Path | None) -> dict[str, str]:
    """The folder that a client would start a program of a project in."""
    if project is None or "command" not in one or not isinstance(one.get("cwd"), str | None):
        return {}
    return {"cwd": str(project / (one.get("cwd") or ""))}
