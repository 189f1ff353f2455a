"""schedule.json: its text to the model and back, losing nothing.

`text` reads JSON with positions, `shape` validates values, `whole` puts the two together; it is
loaded where it is asked for: who reads another file of JSON needs `text` alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ncp.document.whole import (
        VERSION,
        Document,
        check,
        disorders,
        dump,
        parse,
        require_order,
        task_tree,
        timing_tree,
        waiting_for,
    )

__all__ = [
    "VERSION",
    "Document",
    "check",
    "disorders",
    "dump",
    "parse",
    "require_order",
    "task_tree",
    "timing_tree",
    "waiting_for",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("ncp.document.whole"), name)
