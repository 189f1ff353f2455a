"""schtasks: one task per timing in Task Scheduler (Windows)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp.targets.schtasks import deploy as entries
from ncp.targets.schtasks.emit import emit as write_task
from ncp.targets.schtasks.read import read as read_task

if TYPE_CHECKING:
    from ncp.targets.contract import Target


class Schtasks:
    """The functions of this folder, as the contract wants them."""

    name = "schtasks"
    emit = staticmethod(write_task)
    read = staticmethod(read_task)
    wanted = staticmethod(entries.wanted)
    survey = staticmethod(entries.survey)
    available = staticmethod(entries.available)
    found = staticmethod(entries.found)
    deploy = staticmethod(entries.deploy)
    idle = staticmethod(entries.idle)
    diagnose = staticmethod(entries.diagnose)


TARGET: Target = Schtasks()
