"""Files of MCP clients: JSON, or JSON with comments and trailing commas as editors have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ncp import trust
from ncp.document import text
from ncp.errors import DocumentError, HomeError
from ncp.mcp.errors import installing
from ncp.store import schedule as schedules

if TYPE_CHECKING:
    from pathlib import Path


def read(file: Path) -> dict[str, Any]:
    """Read an object; DocumentError with file and line where it is none."""
    _require_trusted(file)
    source = schedules.contents(file)
    if source is None:
        raise DocumentError("There is no such file.", where=str(file), next_step="Name another.")
    try:
        tree = text.parse(source, str(file)) if source.strip() else {}
    except DocumentError as strict:
        tree = _tolerant(source, strict)
    if not isinstance(tree, dict):
        raise DocumentError(
            "It holds no object.", where=str(file), next_step="Name the file of an MCP client."
        )
    return tree


def _require_trusted(file: Path) -> None:
    """Refuse what others may write, as in a folder that all share: its commands are to be run."""
    try:
        trust.require_private(file)
    except HomeError as error:
        advice = "Look into it, and copy it to a file of your own."
        raise DocumentError(error.what, where=str(file), next_step=advice) from None


def _tolerant(source: bytes, strict: DocumentError) -> Any:
    """Read what an editor would; what it would not either is complained about as JSON."""
    try:
        import json5  # noqa: PLC0415  an optional extra, rarely needed
    except ImportError:
        advice = f"If it has comments, run: {installing()}"
        raise DocumentError(strict.what, where=strict.where, next_step=advice) from None
    try:
        return json5.loads(source.decode("utf-8-sig"), allow_duplicate_keys=False)
    except (ValueError, RecursionError) as error:
        words = str(error).removeprefix("<string>:")
        what = f"Not valid JSON, with comments or without: {words}."
        place = strict.where.partition(", line")[0]
        raise DocumentError(what, where=place, next_step=strict.next_step) from None
