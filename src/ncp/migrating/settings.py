"""config.json: its settings under the names of config.toml, and what has no counterpart."""

from __future__ import annotations

from ncp.config import MOST
from ncp.document import text
from ncp.document.text import shown
from ncp.errors import DocumentError

FILE = "config.json"
COUNTS = {"maxExecutionsPerJob": "retention_per_task", "maxExecutionAgeDays": "retention_days"}
SAID = {
    "cleanupSchedule": "ncp cleans up after firings, and needs no schedule for it",
    "enableAutoCleanup": "",
}


def read(source: bytes | None, where: str) -> tuple[dict[str, float], tuple[str, ...]]:
    """Read the settings and what is to be said of them; DocumentError where it does not parse."""
    tree = {} if source is None else text.parse(source, where)
    if not isinstance(tree, dict):
        raise DocumentError(
            "It is not an object.", where=where, next_step="Write {}, or what it was before."
        )
    found: dict[str, float] = {}
    notes: list[str] = []
    for key, value in tree.items():
        _one(key, value, found, notes)
    if tree.get("enableAutoCleanup") is False:
        found |= dict.fromkeys(COUNTS.values(), 0)
        notes.append("enableAutoCleanup is false: executions are kept without limit")
    return found, tuple(f"{FILE}: {words}." for words in notes)


def _one(key: str, value: object, found: dict[str, float], notes: list[str]) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    number = number and 0 <= value <= MOST  # type: ignore[operator]  # a number, as was seen
    if key in COUNTS and number:
        found[COUNTS[key]] = int(value)  # type: ignore[call-overload]  # a number, as was seen
    elif key == "defaultTimeout" and number:
        found["default_timeout_seconds"] = _seconds(value)  # type: ignore[arg-type]  # same
    elif key in SAID:
        notes.extend(filter(None, (f"{key}: {SAID[key]}" if SAID[key] else "",)))
    else:
        notes.append(f"{key} ({shown(value)}) has no counterpart")


def _seconds(milliseconds: float) -> float:
    seconds = milliseconds / 1000
    return int(seconds) if seconds.is_integer() else seconds
