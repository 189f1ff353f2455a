"""A slice of the campaign that kills runners at random moments."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

import faults

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_killed_runner_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    count = 30 if os.environ.get("CI") == "true" else 8
    tally = faults.run(tmp_path, seed=count, count=count)
    assert tally.complaints == []
    assert sum(tally.moments.values()) == count
    assert tally.statuses.keys() >= {"success", "interrupted"}
    assert len(tally.moments) > 1  # they died at different moments
