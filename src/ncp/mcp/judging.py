"""Schemas that may take for ever are judged in a process of their own, which has a deadline.

A pattern such as `^(a+)+$` takes twice as long for each further character, and a schema that
refers to itself twice takes twice as long for each level.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, cast

from ncp.errors import NcpError
from ncp.mcp import parameters, plainly

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SECONDS = 5
"""How much processor time a process may take to judge."""
PATIENCE = 12
"""How many times as long it may take by the clock: the machine may be busy."""
SLOW = frozenset(
    {
        *("pattern", "patternProperties", "$ref", "$dynamicRef", "$recursiveRef", "allOf"),
        *("unevaluatedProperties", "unevaluatedItems", "uniqueItems", "not", "if", "contains"),
    }
)
"""Keywords by which a schema can take a time that no size of it tells."""
MOST_PARTS = 2000
"""What has no more values than that is judged at once, where none of its keywords is SLOW."""
NAMED = ("properties", "$defs", "definitions")
"""Keywords whose objects have names of the makers' own."""


def complaints(schema: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """Say all that is wrong with parameters, in the order of the schema; nothing where all is well.

    Raises NcpError for a schema that cannot be used, or takes too long.
    """
    small = _has_few_parts(given) and _has_few_parts(schema) and not _is_slow(schema)
    if small and plainly.right(schema, given):
        return []
    found = parameters.judged(schema, given) if small else _judged_elsewhere(schema, given)
    if isinstance(found, str):
        raise NcpError(
            f"What it takes cannot be told: {found}.",
            next_step="Leave the check out with --skip-validation, or tell the server's makers.",
        )
    return found


def _has_few_parts(tree: Any) -> bool:
    waiting, count = [tree], 0
    while waiting and count <= MOST_PARTS:
        one = waiting.pop()
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        count += 1
    return count <= MOST_PARTS


def _is_slow(schema: Any) -> bool:
    """Tell whether a schema may take a time of another order than its size."""
    if isinstance(schema, dict):
        return not SLOW.isdisjoint(schema) or any(map(_is_slow, _inner(schema)))
    return isinstance(schema, list) and any(map(_is_slow, schema))


def _inner(schema: Mapping[str, Any]) -> Iterator[Any]:
    for key, value in schema.items():
        yield from value.values() if key in NAMED and isinstance(value, dict) else (value,)


def _judged_elsewhere(schema: Mapping[str, Any], given: Mapping[str, Any]) -> list[str] | str:
    """Answer as `parameters.judged`, or in a text that it has taken too long."""
    argv = [sys.executable, "-P", "-m", "ncp.mcp.judge", str(SECONDS)]
    question = json.dumps([schema, given]).encode()
    try:
        done = subprocess.run(argv, input=question, capture_output=True, timeout=PATIENCE * SECONDS)  # noqa: PLW1510  its answer tells
    except subprocess.TimeoutExpired:
        done = None
    if done is None or done.returncode:
        return f"to check them by its schema takes more than {SECONDS} s, or too much memory"
    return cast("list[str] | str", json.loads(done.stdout))
