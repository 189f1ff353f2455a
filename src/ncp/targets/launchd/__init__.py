"""launchd: one agent per timing in the user's login session (macOS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.targets.launchd import deploy as entries
from ncp.targets.launchd.emit import emit as write_agent
from ncp.targets.launchd.read import read as read_agent

if TYPE_CHECKING:
    from ncp.targets.contract import Target


class Launchd:
    """The functions of this folder, as the contract wants them."""

    name = "launchd"
    emit = staticmethod(write_agent)
    read = staticmethod(read_agent)
    wanted = staticmethod(entries.wanted)
    survey = staticmethod(entries.survey)
    available = staticmethod(entries.available)
    found = staticmethod(entries.found)
    deploy = staticmethod(entries.deploy)
    idle = staticmethod(entries.idle)
    diagnose = staticmethod(entries.diagnose)


TARGET: Target = Launchd()
