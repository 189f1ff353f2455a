#!/usr/bin/env python3
"""What making a task that calls a tool costs, with and without what its server said before.

Each is made in one small home on the embedded target. The figures are in docs/performance.md.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from benchmark import MEMORY, cost, measured
from benchmark_tools import servers

ROUNDS = 12
NCP = (sys.executable, "-m", "ncp")


def main(rounds: int) -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory(dir=MEMORY if Path(MEMORY).is_dir() else None) as folder:
        home, argv = Path(folder, "home"), [*servers(folder).values()][-1]
        home.mkdir(0o700)
        (home / "config.toml").write_text('target = "embedded"\n')
        server = {"command": argv[0], "args": argv[1:]}
        (home / "mcp.json").write_text(json.dumps({"mcpServers": {"server": server}}))
        os.environ["NCP_HOME"] = str(home)
        tool, given = ("list_directory", {"path": folder}) if len(argv) == 3 else ("tool-0", {})
        create = [*NCP, "schedule", "create", "daily at 2am"]
        calling = [*create, "--tool", f"server:{tool}", "--params", json.dumps(given)]
        cost(calling)
        cases = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "a command": [*create, "--", "true"],
            "a tool, what it takes is kept": calling,
        }
        measured("Making a task", cases, rounds)
        cases = {"a tool, its server is asked": calling}
        measured("Making the first of its server", cases, rounds, lambda: _forget(home))


def _forget(home: Path) -> None:
    shutil.rmtree(home / "cache")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
