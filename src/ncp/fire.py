"""What the launcher runs for `_timing-run`: `python -I -S fire.py HOME TIMING-ID`."""

import os
import sys

if __name__ == "__main__":
    if hasattr(os, "sysconf"):  # not on Windows
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # what the scheduler left open is not for tasks
    sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from ncp.runner import run_timing

    # Without a closing checkpoint or the interpreter's clean-up: all is committed.
    os._exit(run_timing(sys.argv[1], sys.argv[2]))
