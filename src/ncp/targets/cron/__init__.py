"""cron: one marked block in the user's crontab, one line for each timing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.targets.cron import deploy as entries
from ncp.targets.cron.emit import emit as write_line
from ncp.targets.cron.emit import wanted as wanted_lines
from ncp.targets.cron.read import read as read_line

if TYPE_CHECKING:
    from ncp.targets.contract import Target


class Cron:
    """The functions of this folder, as the contract wants them."""

    name = "cron"
    emit = staticmethod(write_line)
    read = staticmethod(read_line)
    wanted = staticmethod(wanted_lines)
    survey = staticmethod(entries.survey)
    available = staticmethod(entries.available)
    found = staticmethod(entries.found)
    deploy = staticmethod(entries.deploy)
    idle = staticmethod(entries.idle)
    diagnose = staticmethod(entries.diagnose)


TARGET: Target = Cron()
