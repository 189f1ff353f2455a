"""The process that judges parameters for `judging`: `python -m ncp.mcp.judge SECONDS`."""

from __future__ import annotations

import json
import sys

from ncp.mcp import parameters

MOST_MEMORY = 1 << 30
"""How many bytes it may use."""


def main() -> None:
    """Judge what comes on standard input; answer on standard output."""
    _bound(int(sys.argv[1]))
    schema, given = json.load(sys.stdin.buffer)
    sys.stdout.write(json.dumps(parameters.judged(schema, given)))


def _bound(seconds: int) -> None:
    """Take on limits (`seconds` of processor time), so that nothing is left should the parent die.

    It is processor time that counts: on a busy machine the same check takes far longer.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  POSIX only

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))


if __name__ == "__main__":
    main()
