"""The machine: look at it, survey its scheduler, carry out steps. Effects live here."""

from ncp.host.look import look, zone_doubt
from ncp.host.perform import perform
from ncp.host.survey import observe

__all__ = ["look", "observe", "perform", "zone_doubt"]
