"""Secrets of servers: put in by the process that starts one, masked for everybody else."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from ncp import secrets
from ncp.mcp import definition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.mcp.definition import Server

SECRETIVE = ("key", "token", "secret", "passw", "auth", "credential", "cookie")
"""What the names of secrets have in them."""
_QUERY = re.compile(rf"([^&=]*(?:{'|'.join(SECRETIVE)})[^&=]*)=[^&]+", re.IGNORECASE)
_NAMED = re.compile(r"(-{0,2}[\w.-]+[=:]\s*)(.+)", re.DOTALL)
"""An argument such as `--token=x`, `TOKEN=x` or `Authorization: Bearer x`."""
_TOKEN = re.compile(r"\b(?:gh[oprsu]_|github_pat_|glpat-|sk-|xox[abeprs]-)[\w-]{8,}")
"""How the tokens of well-known services begin."""
SCHEMES = ("Bearer ", "Basic ", "Token ")
"""What may stand before a reference in a header."""


def resolved(server: Server) -> Server:
    """Put values where references stand; SecretError names the first that has none."""
    heads = {name: _head(value) for name, value in server.headers.items()}
    found = secrets.resolved(
        {name: value.removeprefix(heads[name]) for name, value in server.headers.items()}
    )
    headers = {name: heads[name] + value.strip() for name, value in found.items()}
    return replace(server, env=secrets.resolved(server.env), headers=headers)


def values(server: Server, found: Server) -> list[str]:
    """List what `resolved` has put where references stood."""
    env = [found.env[name] for name, value in server.env.items() if is_reference(value)]
    return env + [
        found.headers[name].removeprefix(_head(value))
        for name, value in server.headers.items()
        if is_reference(value)
    ]


def _head(value: str) -> str:
    """The word before a reference, as in `Bearer file:~/key`; empty elsewhere."""
    head = next((head for head in SCHEMES if value.startswith(head)), "")
    return head if secrets.is_reference(value.removeprefix(head)) else ""


def is_reference(value: str) -> bool:
    """Tell a reference, with or without a scheme before it, from a plain value."""
    return secrets.is_reference(value.removeprefix(_head(value)))


def masked(server: Server) -> dict[str, Any]:
    """A server as the file has it, with `********` for each value that is or may be a secret."""
    tree = definition.tree(server)
    for key in ("env", "headers"):
        if key in tree:
            tree[key] = {name: _masked(name, value) for name, value in tree[key].items()}
    if "args" in tree:
        tree["args"] = list(_masked_args(server.args))
    if "url" in tree:
        tree["url"] = _masked_url(server.url)
    return tree


def plain(server: Server) -> list[str]:
    """Name the places of a server's definition that seem to hold a secret in plain text."""
    named = [
        f"{key}.{name}"
        for key, values in (("env", server.env), ("headers", server.headers))
        for name, value in values.items()
        if not is_reference(value) and _masked(name, value) != value
    ]
    args = zip(server.args, _masked_args(server.args), strict=True)
    named += [f"args[{number}]" for number, (old, new) in enumerate(args) if old != new]
    return named + (["url"] if server.url != _masked_url(server.url) else [])


def advice(name: str, place: str) -> str:
    """Say how a secret in plain text at a place of a server becomes a reference."""
    seems = f"{place} of {name} seems to be a secret in plain text; "
    if place == "url" or place.startswith("args"):
        return f"{seems}give it in a variable or a header, as keyring:service/user or file:PATH."
    head = "Bearer " if place == "headers.Authorization" else ""
    return f"{seems}store it elsewhere and write {head}keyring:service/user or {head}file:PATH."


def _masked(name: str, value: str) -> str:
    if is_reference(value):
        return f"{secrets.MASK} ({value})"
    return secrets.MASK if value and is_secretive(name) else _masked_text(value)


def _masked_text(value: str) -> str:
    """Mask what is a secret by its own looks: passwords in addresses, tokens of services."""
    value = _TOKEN.sub(secrets.MASK, value)
    return _masked_url(value) if "://" in value else value


def is_secretive(name: str) -> bool:
    """Tell from its name whether a variable holds a secret."""
    return any(piece in name.lower() for piece in SECRETIVE)


def _masked_args(args: tuple[str, ...]) -> Iterator[str]:
    """Mask what follows an option such as `--api-key`, as a word of its own or behind `=`."""
    before = ""
    for word in args:
        named = _NAMED.fullmatch(word)
        if before and not word.startswith("-"):
            yield secrets.MASK
        elif named and is_secretive(named[1]):
            yield f"{named[1]}{secrets.MASK}"
        else:
            yield _masked_text(word)
        before = word if word.startswith("-") and not named and is_secretive(word) else ""


def _masked_url(url: str) -> str:
    """Mask the password of an address and the secrets of its query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    user, at, host = parts.netloc.rpartition("@")
    netloc = f"{secrets.MASK}@{host}" if at and ":" in user else parts.netloc
    query = _QUERY.sub(rf"\1={secrets.MASK}", parts.query)
    return urlunsplit(parts._replace(netloc=netloc, query=query))
