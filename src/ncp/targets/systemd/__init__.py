"""systemd user timers: one timer for each timing, one service for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.targets.systemd import deploy as units
from ncp.targets.systemd import looking
from ncp.targets.systemd.emit import emit as write_units
from ncp.targets.systemd.emit import wanted as wanted_units
from ncp.targets.systemd.read import read as read_timer

if TYPE_CHECKING:
    from ncp.targets.contract import Target


class Systemd:
    """The functions of this folder, as the contract wants them."""

    name = "systemd"
    emit = staticmethod(write_units)
    read = staticmethod(read_timer)
    wanted = staticmethod(wanted_units)
    survey = staticmethod(looking.survey)
    available = staticmethod(units.available)
    found = staticmethod(looking.found)
    deploy = staticmethod(units.deploy)
    idle = staticmethod(units.idle)
    diagnose = staticmethod(units.diagnose)


TARGET: Target = Systemd()
