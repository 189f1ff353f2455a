"""Secrets of servers: put in by the process that starts one, masked for everybody else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ncp import masking, secrets
from ncp.mcp import definition

if TYPE_CHECKING:
    from ncp.mcp.definition import Server

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
    """List the values that are secret: by reference, or by the names of what they are given to."""
    env = [found.env[name] for name, value in server.env.items() if _is_secret(name, value)]
    return env + [
        found.headers[name].removeprefix(_head(value))
        for name, value in server.headers.items()
        if _is_secret(name, value)
    ]


def _is_secret(name: str, value: str) -> bool:
    return is_reference(value) or masking.is_secretive(name)


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
        tree["args"] = list(masking.arguments(server.args))
    if "url" in tree:
        tree["url"] = masking.address(server.url)
    return tree


def plain(server: Server) -> list[str]:
    """Name the places of a server's definition that seem to hold a secret in plain text."""
    named = [
        f"{key}.{name}"
        for key, values in (("env", server.env), ("headers", server.headers))
        for name, value in values.items()
        if not is_reference(value) and _masked(name, value) != value
    ]
    args = zip(server.args, masking.arguments(server.args), strict=True)
    named += [f"args[{number}]" for number, (old, new) in enumerate(args) if old != new]
    return named + (["url"] if server.url != masking.address(server.url) else [])


def advice(name: str, place: str) -> str:
    """Say how a secret in plain text at a place of a server becomes a reference."""
    seems = f"{place} of {name} seems to be a secret in plain text; "
    if place == "url" or place.startswith("args"):
        return f"{seems}give it in a variable or a header, as keyring:service/user or file:PATH."
    head = "Bearer " if place == "headers.Authorization" else ""
    return f"{seems}store it elsewhere and write {head}keyring:service/user or {head}file:PATH."


def _masked(name: str, value: str) -> str:
    if is_reference(value):
        return f"{masking.MASK} ({value})"
    return masking.MASK if value and masking.is_secretive(name) else masking.value(value)
