"""The timing that an item joins: the one with its recurrence and zone, or a new one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ncp import grouping
from ncp.cron import naming
from ncp.cron.when import understand
from ncp.model import Recurrence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.applying.site import Site
    from ncp.intake.items import Item
    from ncp.model import Timing


def asked(site: Site, item: Item, zone: str | None) -> tuple[Recurrence, tuple[str, ...]]:
    """Say when an item is due, with notes on what was assumed of its words."""
    if isinstance(item.schedule, Recurrence):
        return item.schedule, ()
    return understand(item.schedule, now=site.host.now, zone=zone or site.host.zone)


def is_same(item: Item, recurrence: Recurrence, zone: str | None, timing: Timing) -> bool:
    """Tell whether a timing is what an item asks for.

    Words do not say what an interval counts from.
    """
    every, kept = recurrence.every, timing.recurrence.every
    if isinstance(item.schedule, str) and every and kept:
        recurrence = replace(recurrence, every=replace(every, anchor=kept.anchor))
    return naming.identity(recurrence, zone) == naming.identity(timing.recurrence, timing.zone)


class Joining:
    """The timings so far, also of items that did not come in after all: no id is given twice."""

    def __init__(self, timings: Iterable[Timing], machine_zone: str, now: str) -> None:
        self._zone, self._now = machine_zone, now
        self._known: dict[str, Timing] = {}
        self._holders: dict[str, str] = {}
        self._names: set[str] = set()
        for timing in timings:
            self._keep(timing)

    def _keep(self, timing: Timing) -> Timing:
        key = naming.identity(timing.recurrence, timing.zone)
        self._known[key] = timing
        self._holders[timing.id] = key
        self._names.add(timing.name)
        return timing

    @property
    def timings(self) -> dict[str, Timing]:
        """All of them, by id."""
        return {timing.id: timing for timing in self._known.values()}

    def timing(self, recurrence: Recurrence, zone: str | None, own: Timing | None = None) -> Timing:
        """Find the timing, or make it: `own` where its id is free."""
        found = self._known.get(naming.identity(recurrence, zone))
        if found is not None:
            return found
        if own is not None and own.id not in self._holders:
            return self._keep(own)
        made = grouping.new_timing(recurrence, zone, self._holders, self._names, self._zone)
        return self._keep(replace(made, created_at=self._now))
