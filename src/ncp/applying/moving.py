"""A home that is at another path than before: moved, or copied.

Its entries bear the names of its path, so a sync makes new ones. Those of the old
path stay: they call a launcher that is gone, or fire the home that was copied.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ncp import targets
from ncp.applying import installing
from ncp.errors import HomeError
from ncp.ledger.compiled import get_meta, set_meta
from ncp.store.home import Place

if TYPE_CHECKING:
    from ncp.applying.site import Site
    from ncp.model import Host

BEHIND = "behind"
"""The ledger's note of the places where this home was before, and may have left entries."""
TAKE_ALONG = "ncp schedule sync --moved"


def is_copy(place: Place, recorded: Place | None) -> bool:
    """Tell whether the home that the ledger was made in is still there, and is another one."""
    if recorded is None or recorded.path == place.path:
        return False
    then, now = Path(recorded.path) / "state.db", Path(place.path) / "state.db"
    return then.exists() and not then.samefile(now)


def require_no_copy(site: Site) -> None:
    """Refuse to install a second live set of entries that nobody has asked for."""
    recorded = site.recorded_place
    if recorded is not None and is_copy(site.place, recorded):
        raise HomeError(
            f"It is a copy of {recorded.path}, which is still there: all of its tasks would run"
            " twice, once from each.",
            where=str(site.home.path),
            next_step="To have it run them too: ncp schedule sync --adopt",
        )


def note(site: Site, recorded: Place) -> None:
    """Note that a home was moved, so that a sync can offer to take its entries along."""
    places = [*(place.dump() for place in _behind(site)), recorded.dump()]
    set_meta(site.ledger, BEHIND, json.dumps(places))


def behind(site: Site) -> dict[str, int]:
    """Count the entries that stand where this home was before, by its path."""
    hosts = {place.path: _then(site.host, place) for place in _behind(site)}
    found = {
        path: sum(len(installing.shown(name, host)) for name in targets.NAMES)
        for path, host in hosts.items()
    }
    if hosts and not any(found.values()):
        set_meta(site.ledger, BEHIND, "")
    return {path: count for path, count in found.items() if count}


def take_along(site: Site) -> list[str]:
    """Remove what `behind` counts, and return the keys; the user's lock must be held."""
    removed = []
    for place in _behind(site):
        host = _then(site.host, place)
        for name in targets.NAMES:
            if installing.shown(name, host):
                done = installing.install([], name, host)
                removed += [entry.key for entry in done.changes.remove]
    set_meta(site.ledger, BEHIND, "")
    return removed


def sentence(found: dict[str, int]) -> str:
    """Say what stands where a home was before."""
    places = ", ".join(f"{path} ({count})" for path, count in found.items())
    return f"This home was moved; entries of its old place still stand and fire: {places}."


def advice(found: dict[str, int]) -> list[str]:
    """Say what stands where this home was before, and how it is taken along."""
    return [f"{sentence(found)} To take them along: {TAKE_ALONG}"] if found else []


def _behind(site: Site) -> list[Place]:
    """List the places noted, without those that this home or another one has now."""
    noted = get_meta(site.ledger, BEHIND)
    places = [Place.load(text) for text in json.loads(noted)] if noted else []
    here = site.place
    return [one for one in places if one.tag != here.tag and not is_copy(here, one)]


def _then(host: Host, place: Place) -> Host:
    """The host as it was for that place; where its folder of units has moved too, the new one."""
    config = place.config_home if os.path.isdir(place.config_home) else host.config_home  # noqa: PTH112  it may be undecodable
    return replace(host, home=place.path, tag=place.tag, config_home=config)
