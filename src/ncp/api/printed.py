"""What an execution printed, read back from the file that `ncp.runner.kept` writes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

STREAMS = {b"1": "stdout", b"2": "stderr", b"#": "ncp"}
"""What a line begins with, and whose it is; the last are ncp's own remarks."""


def pieces(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (stream, bytes) in the order read; nothing where the file is gone.

    A file that a killed runner left may hold broken lines, which are passed over.
    """
    try:
        lines = path.open("rb")
    except FileNotFoundError:
        return
    with lines:
        for line in lines:
            stream = STREAMS.get(line[:1])
            if stream and line[1:2] == b"+":
                yield stream, line[2:].removesuffix(b"\n")
            elif stream and line[1:2] == b" ":
                yield stream, line[2:]


def tree(execution_id: str, found: Iterable[tuple[str, bytes]]) -> dict[str, Any]:
    """Lay out what was printed as JSON, whole and by stream; what is no UTF-8 is replaced."""
    joined = [
        (stream, b"".join(data for _, data in group))
        for stream, group in groupby(found, key=lambda piece: piece[0])
    ]
    return {
        "executionId": execution_id,
        "output": _text(b"".join(data for _, data in joined)) if joined else None,
        "pieces": [{"stream": stream, "text": _text(data)} for stream, data in joined],
    }


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
