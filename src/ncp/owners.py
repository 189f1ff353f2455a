"""How a process is known, and what it has used: types only, which nothing loads at run time."""

from __future__ import annotations

Owner = tuple[str, int, str]
"""Boot id, pid and start time: a process that can be told from all others."""
Usage = tuple[int, int]
"""Peak memory in bytes and CPU time in microseconds: of a child and those it waited for."""
