"""Run what is due: claim a slot, start its tasks side by side, watch over them, record.

`run_timing` is what the operating system's scheduler calls, `run_now` what a
person does. Nothing here may slow a firing down: see tests/test_layers.py for
what may be imported.
"""

from __future__ import annotations

from ncp.runner.firing import run_now, run_timing

__all__ = ["run_now", "run_timing"]
