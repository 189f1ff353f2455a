"""What people type into values: folders, variables, instants."""

from __future__ import annotations

import os

from ncp.document import shape
from ncp.errors import InputError


def folder(text: str) -> str:
    """Make a folder absolute; it must exist."""
    path = os.path.realpath(os.path.expanduser(text))  # noqa: PTH111  keeps undecodable names
    if not os.path.isdir(path):  # noqa: PTH112  same
        raise InputError(
            "There is no such folder.", where=text, next_step="Make it, or name another."
        )
    return path


def variables(pairs: list[str]) -> dict[str, str]:
    """Read NAME=VALUE pairs."""
    for pair in pairs:
        if not pair.partition("=")[0] or "=" not in pair:
            raise InputError(
                f'"{pair}" is not NAME=VALUE.', where="--env", next_step="Write: --env LANG=C.UTF-8"
            )
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def instant(text: str) -> str:
    """Check an instant with an offset."""
    try:
        shape.instant(text)
    except ValueError:
        raise InputError(
            f'"{text}" is not an instant with an offset.',
            where="--end-date",
            next_step="Write: --end-date 2027-01-01T00:00:00Z",
        ) from None
    return text
