"""config.toml: the settings of a home. Every key has a default; an unknown one is an error."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ncp import amounts
from ncp.errors import DocumentError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CAPTURED = ("PATH", "HOME", "SHELL", "USER", "LOGNAME", "LANG", "LC_ALL")
LEAST_OUTPUT = 1024
HEADER = "# Settings of this ncp home; every key is listed in docs/formats.md.\n"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a home.

    `target` is None until the first change records one; `concurrency` is the
    number of tasks a firing runs at once, 0 for twice the number of cores;
    `home_concurrency` that of all its firings together, 0 for no limit.
    Executions are kept for `retention_days`, `retention_per_task` of each task;
    0 is no limit.
    """

    target: str | None = None
    default_timeout_seconds: float = 300
    concurrency: int = 0
    home_concurrency: int = 0
    retention_days: int = 14
    retention_per_task: int = 100
    lock_timeout_seconds: float = 120
    output_limit_bytes: int = 10 * 1024 * 1024
    capture_environment: tuple[str, ...] = CAPTURED


MOST = 2**53
"""The largest number that a setting can be; infinity and NaN are none."""
KEYS = tuple(f.name for f in fields(Settings))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST


def _is_count(value: object) -> bool:
    return isinstance(value, int) and _is_number(value)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= LEAST_OUTPUT


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) and name for name in value)


KINDS: dict[str, tuple[Callable[[object], bool], str]] = {
    "target": (lambda value: isinstance(value, str), "the name of a target"),
    "default_timeout_seconds": (_is_number, "a number of seconds, 0 for none"),
    "concurrency": (_is_count, "a count of tasks, 0 for twice the cores"),
    "home_concurrency": (_is_count, "a count of tasks, 0 for no limit"),
    "retention_days": (_is_count, "a count of days, 0 for no limit"),
    "retention_per_task": (_is_count, "a count of executions, 0 for no limit"),
    "lock_timeout_seconds": (_is_number, "a number of seconds"),
    "output_limit_bytes": (_is_size, "a number of bytes, 1024 or more"),
    "capture_environment": (_are_names, "a list of names"),
}
AMOUNTS: dict[str, Callable[[str], float]] = {
    "default_timeout_seconds": amounts.seconds,
    "retention_days": amounts.days,
    "lock_timeout_seconds": amounts.seconds,
    "output_limit_bytes": amounts.octets,
}
"""Settings that may be a text with a unit, such as "5m"."""
EXAMPLES = {
    "target": '"systemd"',
    "default_timeout_seconds": "300",
    "concurrency": "4",
    "home_concurrency": "8",
    "retention_days": "30",
    "retention_per_task": "1000",
    "lock_timeout_seconds": "60",
    "output_limit_bytes": "1048576",
    "capture_environment": '["PATH", "LANG"]',
}


def parse(text: str, where: str = "config.toml") -> Settings:
    """Read settings; DocumentError names the line, or the key and the nearest one."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(
            f"Not valid TOML: {error}.", where=where, next_step="Correct it by hand."
        ) from None
    for key in tree:
        _require_known(key, where)
    return _converted(tree, where)


def with_target(text: str, target: str) -> str:
    """Record the target in the text of config.toml, keeping everything else."""
    return with_values(text, {"target": target})


def with_values(text: str, values: Mapping[str, object]) -> str:
    """Set values in the text of config.toml, keeping everything else."""
    import tomlkit  # noqa: PLC0415  30 ms, needed once in the life of a home

    document = tomlkit.parse(text or HEADER)
    for key, value in values.items():
        document[key] = value
    return tomlkit.dumps(document)


def said(text: str) -> Mapping[str, object]:
    """Read the settings that a text says something of."""
    return tomllib.loads(text)


def _require_known(key: str, where: str) -> None:
    if key not in KEYS:
        near = get_close_matches(key, KEYS, n=1)
        raise DocumentError(
            f'"{key}" is not a setting.',
            where=where,
            next_step=f"Did you mean {near[0]}?"
            if near
            else f"The settings are {', '.join(KEYS)}.",
        )


def _plain(key: str, value: object) -> object:
    """Read an amount with its unit; anything else, and what is none, stays for the complaint."""
    if key not in AMOUNTS or not isinstance(value, str):
        return value
    try:
        return AMOUNTS[key](value)
    except InputError:
        return value


def _converted(tree: Mapping[str, Any], where: str) -> Settings:
    tree = {key: _plain(key, value) for key, value in tree.items()}
    for key, value in tree.items():
        good, wanted = KINDS[key]
        if not good(value):
            raise DocumentError(
                f"{value!r} is not {wanted}.",
                where=f"{where}: {key}",
                next_step=f"Write for example {key} = {EXAMPLES[key]}",
            )
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in tree.items()
    }
    return Settings(**values)
