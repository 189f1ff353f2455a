"""The machine: look at it, survey its scheduler, carry out steps. Effects live here."""

from ncp.host.look import clock_shows, look, zone_doubt
from ncp.host.perform import perform
from ncp.host.survey import observe

__all__ = ["clock_shows", "look", "observe", "perform", "zone_doubt"]
