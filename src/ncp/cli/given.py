"""What people type into values: folders, variables, instants."""

from __future__ import annotations

import os
import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ncp.api import moments
from ncp.errors import InputError
from ncp.fields import values

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ncp.api import Schedule


def folder(text: str, option: str) -> str:
    """Make a folder absolute; it must exist."""
    path = os.path.realpath(os.path.expanduser(text))  # noqa: PTH111  keeps undecodable names
    if not os.path.isdir(path):  # noqa: PTH112  same
        raise InputError(
            f'There is no folder "{text}".',
            where=option,
            next_step=f"Make it, or write for example: {option} {Path.cwd()}",
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


def end_date(text: str, home: Schedule, zone: str | None) -> str:
    """Read when a task fires no more, as ISO 8601; a past one would let it never fire."""
    now, zone = home.host.now, zone or home.host.zone
    found = _point(text, "--end-date", "2w", now=now, zone=zone, ahead=True)
    if found <= now:
        raise InputError(
            f'"{text}" has passed.',
            where="--end-date",
            next_step=f"Write for example: --end-date {_later(found, now)}",
        )
    return text if _is_instant(text) else found.isoformat()


def _is_instant(text: str) -> bool:
    try:
        values.instant(text)
    except ValueError:
        return False
    return True


def _later(found: datetime, now: datetime) -> str:
    """The same day of a year still to come."""
    year = now.year if (found.month, found.day) > (now.month, now.day) else now.year + 1
    return f"{year}-{found.month:02}-{found.day:02}"


def moment(text: str, now: datetime, zone: str, option: str, *, ahead: bool = False) -> datetime:
    """Read a point in time; a duration counts back from now, or with `ahead` forward."""
    also = "tomorrow" if ahead else "yesterday"
    return _point(text, option, also, now=now, zone=zone, ahead=ahead)


def _point(
    text: str, option: str, also: str, *, now: datetime, zone: str, ahead: bool = False
) -> datetime:
    try:
        found = moments.read(text, now=now, zone=zone, ahead=ahead)
    except ValueError:
        day = moments.local(now, zone) + timedelta(days=1 if ahead else -1)
        raise InputError(
            f'"{text}" is not a point in time.',
            where=option,
            next_step=f"Write for example: {option} {day:%Y-%m-%d}, {option} 1h or {option} {also}",
        ) from None
    return found


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
            next_step=_named(references, example),
        )
    return references or []


def _named(references: list[str] | None, example: str) -> str:
    """Write the command with the tasks that were named, or with one that there is."""
    from ncp.api import Schedule as Home  # noqa: PLC0415  only where nothing is done

    names = references or [task.name for task in Home().model.tasks.values()][:1]
    words = shlex.split(example)
    if not names:
        return "There are no tasks yet: ncp schedule list"
    return f"Write: {shlex.join([*words[:3], *names, *words[4:]])}"
