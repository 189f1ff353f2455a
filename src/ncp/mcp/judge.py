"""The process that judges parameters for `judging`: `python -m ncp.mcp.judge`."""

from __future__ import annotations

import json
import sys

from ncp.mcp import parameters
from ncp.mcp.judging import SECONDS

MOST_MEMORY = 1 << 30
"""How many bytes it may use."""


def main() -> None:
    """Judge what comes on standard input; answer on standard output."""
    _bound()
    schema, given = json.load(sys.stdin.buffer)
    sys.stdout.write(json.dumps(parameters.judged(schema, given)))


def _bound() -> None:
    """Take on limits, so that nothing is left should the parent die."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  POSIX only

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * SECONDS, 2 * SECONDS))


if __name__ == "__main__":
    main()
