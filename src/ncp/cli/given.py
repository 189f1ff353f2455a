"""What people type into values: folders, variables, instants."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ncp.cron import zones
from ncp.document import checks
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection


def folder(text: str, option: str) -> str:
    """Make a folder absolute; it must exist."""
    path = os.path.realpath(os.path.expanduser(text))  # noqa: PTH111  keeps undecodable names
    if not os.path.isdir(path):  # noqa: PTH112  same
        raise InputError(
            f'There is no folder "{text}".',
            where=option,
            next_step=f"Make it, or write for example: {option} {Path.home()}",
        )
    return path


def file(text: str, option: str) -> str:
    """Make the path of a file absolute; it must exist."""
    path = os.path.realpath(os.path.expanduser(text))  # noqa: PTH111  keeps undecodable names
    if not os.path.isfile(path):  # noqa: PTH113  same
        raise InputError(
            f'There is no file "{text}".', where=option, next_step="Make it, or name another."
        )
    return path


def variables(pairs: list[str], option: str = "--env") -> dict[str, str]:
    """Read NAME=VALUE pairs."""
    for pair in pairs:
        if not pair.partition("=")[0] or "=" not in pair:
            raise InputError(
                f'"{pair}" is not NAME=VALUE.',
                where=option,
                next_step=f"Write: {option} LANG=C.UTF-8",
            )
    return {name: value for name, _, value in (pair.partition("=") for pair in pairs)}


def headers(pairs: list[str]) -> dict[str, str]:
    """Read NAME=VALUE pairs; `NAME: VALUE` is understood, too."""
    found = {}
    for pair in pairs:
        name, *value = re.split("[=:]", pair, maxsplit=1)
        if not (name.strip() and value):
            raise InputError(
                "A header is not NAME=VALUE.",  # which is not shown: it may be a secret
                where="--header",
                next_step='Write: --header "Authorization=Bearer file:~/.keys/api"',
            )
        found[name.strip()] = value[0].strip()
    return found


def end_date(text: str) -> str:
    """Check an instant with an offset; one that is past would let a task never fire."""
    try:
        to_come = checks.instant(text) > datetime.now(UTC)
        problem = "" if to_come else "has passed"
    except ValueError:
        problem = "is not an instant with an offset"
    if problem:
        raise InputError(
            f'"{text}" {problem}.',
            where="--end-date",
            next_step="Write for example: --end-date 2030-01-01T00:00:00Z",
        )
    return text


def moment(text: str, zone: str, option: str) -> datetime:
    """Read a date, a time of the machine's clock, or an instant with an offset."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f'"{text}" is not a date or a time.',
            where=option,
            next_step=f"Write: {option} 2026-11-20, or {option} 2026-11-20T08:00:00Z",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=zones.zone(zone))


def one_of(text: str, choices: Collection[str], option: str) -> str:
    """Check a word that must be one of a few."""
    if text not in choices:
        raise InputError(
            f'"{text}" is not one of its values.',
            where=option,
            next_step=f"Write one of: {', '.join(choices)}.",
        )
    return text


def some(references: list[str] | None, *, everything: bool, example: str) -> list[str]:
    """Check that tasks are named, or all of them meant, and not both."""
    if bool(references) == everything:
        raise InputError(
            "Name tasks or say --all, not both." if everything else "Which task?",
            where=" ".join(example.split()[:3]),
            next_step=f"Write: {example}",
        )
    return references or []
