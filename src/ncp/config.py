"""config.toml: the settings of a home. Every key has a default; an unknown one is an error."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ncp import amounts
from ncp.errors import DocumentError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CAPTURED = ("PATH", "HOME", "SHELL", "USER", "LOGNAME", "LANG", "LC_ALL")
LEAST_OUTPUT = 1024
HEADER = "# Settings of this ncp home; every key is listed in docs/formats.md.\n"
MOST = 2**53
"""The largest number that a setting can be; infinity and NaN are none."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is said of a setting: what it must be, in words too, and its row of the reference.

    `read` takes a text with a unit, such as "5m". `default` is that of the reference, where the
    value alone does not say it.
    """

    fits: Callable[[object], bool]
    wanted: str
    example: str
    meaning: str
    read: Callable[[str], float] | None = None
    default: str = ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST


def _is_count(value: object) -> bool:
    return isinstance(value, int) and _is_number(value)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= LEAST_OUTPUT


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) and name for name in value)


SETTINGS = {
    "target": Setting(
        lambda value: isinstance(value, str),
        "the name of a target",
        '"systemd"',
        "the native scheduler of this home; `ncp schedule sync --target T` moves it",
        default="recorded by the first change",
    ),
    "default_timeout_seconds": Setting(
        _is_number, "a number of seconds, 0 for none", "300", "for new tasks", amounts.seconds
    ),
    "concurrency": Setting(
        _is_count,
        "a count of tasks, 0 for twice the cores",
        "4",
        "tasks that one firing runs at once; `0`: twice the number of cores",
    ),
    "home_concurrency": Setting(
        _is_count,
        "a count of tasks, 0 for no limit",
        "8",
        "tasks that all firings of this home, and runs by hand, run at once; `0`: no limit (below)",
    ),
    "retention_days": Setting(
        _is_count,
        "a count of days, 0 for no limit",
        "30",
        "executions, their output and daily logs are kept that long; `0`: no limit",
        amounts.days,
    ),
    "retention_per_task": Setting(
        _is_count,
        "a count of executions, 0 for no limit",
        "1000",
        "executions that are kept of each task; `0`: no limit",
    ),
    "lock_timeout_seconds": Setting(
        _is_number,
        "a number of seconds",
        "60",
        "how long a change waits for another one",
        amounts.seconds,
    ),
    "output_limit_bytes": Setting(
        _is_size,
        "a number of bytes, 1024 or more",
        "1048576",
        "how much of what an execution prints is kept; 1024 or more",
        amounts.octets,
    ),
    "capture_environment": Setting(
        _are_names,
        "a list of names",
        '["PATH", "LANG"]',
        "variables that a new task captures",
    ),
}
"""A row for each setting, in the order of the reference in `docs/formats.md`."""


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
    if key not in SETTINGS:
        near = get_close_matches(key, SETTINGS, n=1)
        raise DocumentError(
            f'"{key}" is not a setting.',
            where=where,
            next_step=f"Did you mean {near[0]}?"
            if near
            else f"The settings are {', '.join(SETTINGS)}.",
        )


def _plain(key: str, value: object) -> object:
    """Read an amount with its unit; anything else, and what is none, stays for the complaint."""
    read = SETTINGS[key].read
    if read is None or not isinstance(value, str):
        return value
    try:
        return read(value)
    except InputError:
        return value


def _converted(tree: Mapping[str, Any], where: str) -> Settings:
    tree = {key: _plain(key, value) for key, value in tree.items()}
    for key, value in tree.items():
        row = SETTINGS[key]
        if not row.fits(value):
            raise DocumentError(
                f"{value!r} is not {row.wanted}.",
                where=f"{where}: {key}",
                next_step=f"Write for example {key} = {row.example}",
            )
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in tree.items()
    }
    return Settings(**values)
