"""Run what is due: claim a slot, start its tasks side by side, watch over them, record.

`run_timing` is what the operating system's scheduler calls, `run_now` and
`run_missed` what a person does. Nothing here may slow a firing down: see tests/test_layers.py for
what may be imported.
"""

from __future__ import annotations

import os

from ncp.process import close_inherited, hear_signals
from ncp.runner.firing import MISSED, run_missed, run_now, run_timing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["MISSED", "fire", "run_missed", "run_now", "run_timing"]


def fire(home: str, timing_id: str) -> NoReturn:
    """Be the whole process of one firing."""
    close_inherited()
    hear_signals()
    # Neither a closing checkpoint nor the interpreter's clean-up: all is committed.
    os._exit(run_timing(home, timing_id, leaving=True))
