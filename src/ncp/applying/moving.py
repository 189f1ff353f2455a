"""A home that is at another path than before: moved, or copied.

Its entries bear the names of its path, so a sync makes new ones. Those of the old
path stay: they call a launcher that is gone, or fire the home that was copied.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from ncp import targets
from ncp.applying import former, installing
from ncp.errors import HomeError

if TYPE_CHECKING:
    from ncp.applying.site import Site
    from ncp.model import Host
    from ncp.store.home import Place

TAKE_ALONG = "ncp schedule sync --moved"
ADOPT = "ncp schedule sync --adopt"


def require_no_copy(site: Site) -> None:
    """Refuse to install a second live set of entries that nobody has asked for."""
    place = site.original
    if place:
        raise HomeError(
            f"It is a copy of {place}, which is still there: all of its tasks would run"
            " twice, once from each.",
            where=str(site.home.path),
            next_step=f"To have it run them too: {ADOPT}",
        )


def copied(site: Site) -> str:
    """Say that a home is a copy; empty where it is none."""
    place = site.original
    return f"This home is a copy of {place}, and fires nothing itself." if place else ""


def behind(site: Site) -> dict[str, int]:
    """Count the entries that stand where this home was before, by its path."""
    hosts = {place.path: _then(site.host, place) for place in former.noted(site.ledger, site.place)}
    found = {
        path: sum(len(installing.shown(name, host)) for name in targets.NAMES)
        for path, host in hosts.items()
    }
    if hosts and not any(found.values()):
        former.forget(site.ledger)
    return {path: count for path, count in found.items() if count}


def take_along(site: Site) -> list[str]:
    """Remove what `behind` counts, and return the keys; the user's lock must be held."""
    removed = []
    for place in former.noted(site.ledger, site.place):
        host = _then(site.host, place)
        for name in targets.NAMES:
            if installing.shown(name, host):
                done = installing.install([], name, host)
                removed += [entry.key for entry in done.changes.remove]
    former.forget(site.ledger)
    return removed


def sentence(found: dict[str, int]) -> str:
    """Say what stands where a home was before."""
    places = ", ".join(f"{path} ({count})" for path, count in found.items())
    return f"This home was moved; entries of its old place still stand and fire: {places}."


def advice(found: dict[str, int]) -> list[str]:
    """Say what stands where this home was before, and how it is taken along."""
    return [f"{sentence(found)} To take them along: {TAKE_ALONG}"] if found else []


def _then(host: Host, place: Place) -> Host:
    """The host as it was for that place; where its folder of units has moved too, the new one."""
    config = place.config_home if os.path.isdir(place.config_home) else host.config_home  # noqa: PTH112  it may be undecodable
    return replace(host, home=place.path, tag=place.tag, config_home=config)
