"""One MCP server, as mcp.json and the configurations of other programs define it."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from ncp.document.text import shown
from ncp.errors import DocumentError
from ncp.fields.values import usable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HTTP = ("http", "streamable-http", "streamableHttp", "streamable_http")
"""What programs call the transport that has a `url`; the other one is `stdio`."""


@dataclass(frozen=True, slots=True)
class Server:
    """One MCP server: a program (`command`, `args`, `env`, `cwd`), or a `url` with `headers`.

    Values of `env` and `headers` may be references to secrets, as they stand in the file.
    """

    name: str
    command: str = ""
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str | None = None
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def transport(self) -> Literal["stdio", "http"]:
        """How it is spoken to: through its standard streams, or by streamable HTTP."""
        return "http" if self.url else "stdio"

    @property
    def wanders(self) -> bool:
        """Whether which program it is depends on the folder in which it is started."""
        placed = bool(os.path.dirname(self.command)) and not os.path.isabs(self.command)  # noqa: PTH117, PTH120  may be undecodable
        return placed and self.cwd is None


class Key(NamedTuple):
    """What is said of a key of a server: what it must be, in words too, and its row in the docs.

    `make` turns its value into that of `Server`. `type`, `default` and `meaning` are Markdown.
    """

    fits: Callable[[Any], bool]
    words: str
    example: str
    type: str
    default: str
    meaning: str
    make: Callable[[Any], Any] = lambda value: value


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and usable([value])


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value) and usable(value)


def _is_environment(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and all(name and "=" not in name for name in value)
        and _is_list([*value, *value.values()])
    )


def _is_place(value: Any) -> bool:
    return _is_text(value) and (value.startswith(("/", "~/")) or value[1:3] in {":\\", ":/"})


def _is_address(value: Any) -> bool:
    if not (_is_text(value) and value.startswith(("http://", "https://")) and value.isprintable()):
        return False
    try:
        parts = urlsplit(value)
        return bool(parts.hostname and " " not in value) and parts.port != 0
    except ValueError:  # a port that is none, brackets that do not close
        return False


def _is_headers(value: Any) -> bool:
    lines = isinstance(value, dict) and _is_list([*value, *value.values()])
    return lines and all(
        name and name.isascii() and ":" not in name and f"{name}{text}".isprintable()
        for name, text in value.items()
    )


KEYS = {
    "command": Key(
        _is_text,
        "a program",
        '"npx"',
        "text",
        "",
        "the program, looked for on the `PATH` of `env`, else of the task; or its path, which may "
        "begin with `~/`",
        os.path.expanduser,
    ),
    "args": Key(
        _is_list,
        "a list of texts",
        '["-y", "some-server"]',
        "list of text",
        "`[]`",
        "its arguments",
        tuple,
    ),
    "env": Key(
        _is_environment,
        "an object of texts",
        '{"API_KEY": "file:~/.keys/api"}',
        "object",
        "`{}`",
        "its variables, over those of the task; secrets by reference",
    ),
    "cwd": Key(
        _is_place,
        "an absolute path",
        '"/srv/data"',
        "text",
        "the task's folder",
        "where it runs: absolute, or `~/…`",
        os.path.expanduser,
    ),
    "url": Key(
        _is_address,
        "an address",
        '"https://mcp.example.com/mcp"',
        "text",
        "",
        "instead of `command`: the address of a server that speaks streamable HTTP",
    ),
    "headers": Key(
        _is_headers,
        "an object of texts",
        '{"Authorization": "Bearer file:~/.keys/api"}',
        "object",
        "`{}`",
        "what is sent with each request; secrets by reference, also as "
        "`Bearer keyring:service/user`",
    ),
}
"""The keys that ncp knows; a null is as good as no key."""


def tree(server: Server) -> dict[str, Any]:
    """A server as the file holds it: only the keys that say something."""
    start = {"type": "http"} if server.url else {}
    said = {key: getattr(server, key) for key in KEYS}
    said["args"] = list(server.args)
    return start | {key: value for key, value in said.items() if value}


def fingerprint(server: Server) -> str:
    """What tells one definition from another; a server's name is no part of it."""
    text = json.dumps(tree(server), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def parse(name: str, found: Any, where: str) -> Server:
    """Read a definition, passing over keys that ncp does not know.

    DocumentError names the key that cannot be used; it shows no value of `env` and `headers`.
    """
    require_name(name, where)
    if not isinstance(found, dict):
        raise DocumentError(
            f"{shown(found)} is not a server.",
            where=where,
            next_step='Write {"command": "npx", "args": ["-y", "some-server"]}.',
        )
    said = {key: value for key, value in found.items() if key in KEYS and value is not None}
    for key, value in said.items():
        require_fitting(key, value, f"{where}.{key}")
    _require_one_way(said, found.get("type", found.get("transport")), where)
    return Server(name, **{key: KEYS[key].make(value) for key, value in said.items()})


def require_name(name: str, where: str) -> None:
    """Refuse a name that `server:tool` could not say."""
    if not name or name != name.strip() or name[0] == "-" or ":" in name or not name.isprintable():
        raise DocumentError(
            f"{shown(name)} cannot be the name of a server: its tools are called server:tool.",
            where=where,
            next_step="Choose one without a colon, such as filesystem.",
        )


def require_fitting(key: str, value: Any, where: str) -> None:
    """Refuse a value that a key cannot have."""
    row = KEYS[key]
    if not row.fits(value):
        what = "It" if isinstance(value, dict) else shown(value)
        step = f"Write {row.example}."
        raise DocumentError(f"{what} is not {row.words}.", where=where, next_step=step)


def _require_one_way(said: Mapping[str, Any], kind: Any, where: str) -> None:
    """Refuse a server that is both a program and an address, or neither; or one of the old kind."""
    if ("command" in said) == ("url" in said):
        both = "both a command and a url" if said.get("command") else "neither a command nor a url"
        raise DocumentError(
            f"It has {both}.",
            where=where,
            next_step="Remove one of them."
            if said.get("command")
            else 'Write "command": "npx" for a program, or "url": "https://mcp.example.com/mcp".',
        )
    if kind == "sse":
        raise DocumentError(
            "The transport SSE, which MCP gave up for streamable HTTP, is not spoken here.",
            where=f"{where}.type",
            next_step='Write "http", with the url of its streamable HTTP (mostly …/mcp).',
        )
    if kind is not None and kind not in [*(HTTP if "url" in said else ("stdio",))]:
        raise DocumentError(
            f"{shown(kind)} is not the type of such a server.",
            where=f"{where}.type",
            next_step='Write "http" for a url, "stdio" for a command.',
        )
