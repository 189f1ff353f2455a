"""What the launcher runs for `_timing-run`: `python -I -S fire.py HOME TIMING-ID`."""

import os
import sys

if __name__ == "__main__":
    sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from ncp.runner import fire

    fire(sys.argv[1], sys.argv[2])
