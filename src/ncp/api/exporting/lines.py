"""Plain values as YAML that every reader takes the same way: what is doubtful is quoted."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PLAIN = re.compile(r"[A-Za-z_/][\w ./@+-]*[\w/]|[A-Za-z_]")
WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
"""What some reader takes for another type."""
WIDTH = 100


def task(values: Mapping[str, Any]) -> Iterator[str]:
    """Write one item of a list, its keys below each other."""
    sign = "-"
    for key, value in values.items():
        yield from _key(f"  {sign} ", "    ", key, value)
        sign = " "


def _key(start: str, indent: str, key: str, value: Any) -> Iterator[str]:
    short = f"{start}{scalar(key)}: {_flow(value)}"
    if len(short) <= WIDTH or not isinstance(value, dict | list | tuple) or not value:
        yield short
        return
    yield f"{start}{scalar(key)}:"
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _key(f"{indent}  ", f"{indent}  ", name, one)
    else:
        for one in value:
            yield f"{indent}  - {_flow(one)}"


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{scalar(key)}: {_flow(one)}' for key, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_flow, value))}]"
    return scalar(value)


def scalar(value: Any) -> str:
    """Write a text, a number, a boolean or nothing; a text in quotes unless it is plainly one."""
    if not isinstance(value, str):
        return json.dumps(value)
    if value.isascii() and PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return "".join(_sign(sign) for sign in json.dumps(value, ensure_ascii=False))


def _sign(sign: str) -> str:
    r"""Escape what a YAML reader would fold or refuse; JSON leaves `\x7f` and more as they are."""
    if sign.isprintable():
        return sign
    number = ord(sign)
    return f"\\u{number:04x}" if number < 1 << 16 else f"\\U{number:08x}"
