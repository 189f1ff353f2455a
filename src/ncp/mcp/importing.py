"""Take servers over from MCP clients: what there is, how it compares, what of it to take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ncp.document.text import shown
from ncp.errors import NcpError, NotFoundError
from ncp.mcp import clients
from ncp.mcp.definition import fingerprint
from ncp.references import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from ncp.mcp.clients import Found, Place
    from ncp.mcp.definition import Server

State = Literal["new", "same", "differs", "clashes", "refused"]
NOT_TAKEN: frozenset[State] = frozenset({"clashes", "refused"})
"""What no import takes as it is asked for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A server that was found, beside what the home has.

    `clashes`: several of that name were found, and they are not the same.
    """

    found: Found
    state: State


def found(
    place: Place, client: str | None = None, file: Path | None = None
) -> tuple[list[Found], list[str]]:
    """Look into the files of all clients, of one, or into one file (as that client would).

    The second list says which could not be read; of one file that is an error.
    """
    if file is not None:
        owners = (name for name in clients.CLIENTS if file in clients.files(place, name))
        return [*clients.look(place, client or next(owners, ""), file)], []
    servers: list[Found] = []
    troubles = []
    for name in clients.CLIENTS if client is None else (client,):
        for path in clients.files(place, name):
            try:
                servers += clients.look(place, name, path)
            except NcpError as error:
                troubles.append(f"{error.where}: {error.what}")
    return servers, troubles


def chosen(servers: Iterable[Found], names: Collection[str]) -> list[Found]:
    """Keep those of some names, all without one; NotFoundError has the nearest name."""
    servers = [*servers]
    known = {one.name for one in servers}
    for name in names:
        if name not in known:
            near = nearest(name, [*known, *clients.CLIENTS])
            raise NotFoundError(
                f"No MCP client has a server {shown(name)}.",
                where="ncp mcp import",
                next_step=f"Did you mean {near}?" if near else "See: ncp mcp import",
            )
    return [one for one in servers if not names or one.name in names]


def compared(servers: Iterable[Found], own: Mapping[str, Server]) -> list[Offer]:
    """Compare servers with those of the home, and with each other."""
    servers = [*servers]
    prints: dict[str, set[str]] = {}
    for one in servers:
        if one.server is not None:
            prints.setdefault(one.name, set()).add(fingerprint(one.server))
    return [Offer(one, _state(one, own, len(prints.get(one.name, ())))) for one in servers]


def _state(one: Found, own: Mapping[str, Server], kinds: int) -> State:
    if one.server is None:
        return "refused"
    has = own.get(one.name)
    if has is not None and fingerprint(has) == fingerprint(one.server):
        return "same"
    if kinds > 1:
        return "clashes"
    return "new" if has is None else "differs"


def taken(offers: Iterable[Offer], *, replace: bool) -> dict[str, Server]:
    """Pick what an import takes: what is new, and with `replace` what differs."""
    states = {"new", "differs"} if replace else {"new"}
    return {
        offer.found.name: offer.found.server
        for offer in offers
        if offer.found.server is not None and offer.state in states
    }
