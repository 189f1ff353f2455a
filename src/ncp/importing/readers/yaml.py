"""A `config.yaml` that names folders with a `run.sh`, and the declarative form of ncp itself."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from ncp.taskfile import reading

if TYPE_CHECKING:
    from ncp.intake.items import Found, Options
    from ncp.intake.opening import Opened

SUFFIXES = {".yaml", ".yml"}
TASKS = re.compile(rb"^tasks[ \t]*:|\A\s*\{(?s:.)*?\"tasks\"\s*:\s*\[", re.MULTILINE)


def recognises(opened: Opened) -> bool:
    """Tell it by its name, or by its list of tasks."""
    return PurePath(opened.path).suffix.lower() in SUFFIXES or bool(TASKS.search(opened.data))


def read(opened: Opened, options: Options) -> Found:
    """List its tasks, which keep their old meaning: what was missed is not run later."""
    place = f"{reading.IMPORTED}{opened.path or '-'}"
    found = reading.read(opened, options, lambda name: f"{place}#{name}", {"catchupMissed": False})
    captured = {"captured_environment": options.captured}
    items = (replace(one, values={**one.values, **captured}) for one in found.items)
    return replace(found, items=tuple(items))
