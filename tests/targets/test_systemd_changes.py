"""Timers around changes of clocks, as the real systemd-analyze reads them: a slice."""

from __future__ import annotations

import os
import shutil

import pytest

import campaigns


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Dublin", "Pacific/Chatham"])
def test_systemd_wakes_for_each_slot_where_a_clock_changes(zone: str) -> None:
    if shutil.which("systemd-analyze") is None:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up("systemd-analyze is missing: apt-get install systemd")
    tally = campaigns.systemd(seed=11, count=15, zones_=(zone,))
    assert tally.complaints == []
    assert tally.counts["slots"] > 50
