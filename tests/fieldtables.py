"""The tables of fields in `docs/formats.md`, written from the rows of the field table.

Each stands between `<!-- fields: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ncp.config import SETTINGS, Settings
from ncp.document import nested, shape
from ncp.fields import INSIDE, TASK, camel
from ncp.mcp.definition import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncp.fields import Field

HEAD = "| key | type | default | meaning |\n| --- | --- | --- | --- |\n"
PLACE = re.compile(r"(?<=<!-- fields: )(?P<name>\w+)(?P<end> -->\n).*?(?=<!-- end -->)", re.DOTALL)
ROWS = {"task": TASK, **INSIDE}


def written(page: str) -> str:
    """The page with each of its tables written anew."""
    return PLACE.sub(lambda m: m["name"] + m["end"] + _table(m["name"]), page)


def _table(name: str) -> str:
    if name == "config":
        return _row("key", "default", "meaning") + _row(*["---"] * 3) + "".join(_settings())
    if name == "server":
        rows = [_row(f"`{key}`", one.type, one.default, one.meaning) for key, one in KEYS.items()]
        return HEAD + "".join(rows)
    defaults: Any = shape.TASK_DEFAULTS if name == "task" else nested.DEFAULTS[camel(name)]
    return HEAD + "".join(_lines(ROWS[name], defaults))


def _lines(rows: Iterable[Field], defaults: dict[str, Any]) -> Iterable[str]:
    for row in rows:
        if not row.path.endswith("[]"):  # an item of a list is no key
            default = row.default or _default(defaults.get(row.key))
            yield _row(f"`{row.key}`", row.type, default, row.meaning)


def _settings() -> Iterable[str]:
    usual = asdict(Settings())
    for key, row in SETTINGS.items():
        yield _row(f"`{key}`", row.default or _default(usual[key]), row.meaning)


def _row(*cells: str) -> str:
    return f"|{'|'.join(f' {cell}'.rstrip() + ' ' for cell in cells)}|\n"


def _default(value: object) -> str:
    if value is None or value == "":
        return ""
    return f"`{value}`" if isinstance(value, str) else f"`{json.dumps(value)}`"
