"""Secrets by reference: what stands in the document is where a value is, not the value.

Resolved in the process of the task only, just before its program starts.
"""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ncp.errors import NcpError

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYRING = "keyring:"
FILES = ("file:/", "file:~/")
OTHERS = 0o077


class SecretError(NcpError):
    """A secret that cannot be had: which, why, and what to do."""


def is_reference(value: str) -> bool:
    """Tell `keyring:service/user` and `file:PATH` (absolute or `~/`) from a plain value.

    A URL such as `file:///tmp/x` is a plain value.
    """
    return value.startswith(KEYRING) or (
        value.startswith(FILES) and not value.startswith("file://")
    )


def resolved(variables: Mapping[str, str]) -> dict[str, str]:
    """Put values where references stand; SecretError names the first that has none."""
    return {name: _resolved(name, value) for name, value in variables.items()}


def _resolved(name: str, value: str) -> str:
    if not is_reference(value):
        return value
    if value.startswith(KEYRING):
        found = _from_keyring(name, value)
    else:
        found = _text(Path(value.removeprefix("file:")), name).removesuffix("\n")
    if "\0" in found:
        raise SecretError(
            f"The secret {name} holds a NUL, which no variable can.",
            where=value,
            next_step="Store it as text.",
        )
    return found


def obtainable(file: str | None, own: Mapping[str, str]) -> dict[str, str]:
    """Read what can be had of a file of variables and of others; leave out the rest."""
    found: dict[str, str] = {}
    with suppress(SecretError):
        found |= {} if file is None else env_file(file)
    for name, value in own.items():
        with suppress(SecretError):
            found[name] = _resolved(name, value)
    return found


def search_path(file: str | None, own: Mapping[str, str], plain: str) -> str:
    """Find the PATH that a task will have: its own, else its envFile's, else the `plain` one."""
    try:
        given = {} if file is None else env_file(file)
        own = {name: value for name, value in own.items() if name == "PATH"}
        return {"PATH": plain, **given, **resolved(own)}["PATH"]
    except SecretError:
        return plain


def _from_keyring(name: str, value: str) -> str:
    service, _, user = value.removeprefix(KEYRING).rpartition("/")
    if not service or not user:
        raise SecretError(
            f"The secret {name} does not say where it is.",
            where=value,
            next_step="Write keyring:service/user.",
        )
    try:
        found = import_module("keyring").get_password(service, user)  # an optional extra
    except ImportError:
        raise SecretError(
            f"The secret {name} is in a keyring, and the keyring library is not installed.",
            where=value,
            next_step=f"Run: {_installing()}",
        ) from None
    except Exception as error:  # noqa: BLE001  each backend has errors of its own
        raise SecretError(
            f"The secret {name} cannot be read, the keyring is locked or absent: {error}.",
            where=value,
            next_step="Unlock it for processes without a session, or use file:PATH.",
        ) from None
    if found is None:
        raise SecretError(
            f"The secret {name} is not in the keyring.",
            where=value,
            next_step=f"Run: keyring set '{service}' '{user}'",
        )
    return str(found)


def _installing() -> str:
    from ncp import extras  # noqa: PLC0415  a firing needs it only here

    return extras.installing("keyring")


def find_session() -> None:
    """Tell the keyring where the user's session bus is, as a scheduler may not have done."""
    if os.name == "nt":
        return  # its keyring needs none
    runtime = os.environ.setdefault("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    if Path(runtime, "bus").exists():
        os.environ.setdefault("DBUS_SESSION_BUS_ADDRESS", f"unix:path={runtime}/bus")


def env_file(path: str) -> dict[str, str]:
    """Read variables from a file that only its owner may read.

    KEY=VALUE in each line, `export` before and quotes around the value are
    taken off; empty lines and those that start with `#` are passed over.
    """
    text = _text(Path(path), "envFile", private=True)
    pairs = [_pair(path, number, line) for number, line in enumerate(text.splitlines(), 1)]
    return {name: value for name, value in pairs if name}


def _pair(path: str, number: int, line: str) -> tuple[str, str]:
    line = line.strip()
    if not line or line.startswith("#"):
        return "", ""
    name, equals, value = line.removeprefix("export ").partition("=")
    if not equals or not name.strip() or "\0" in line:
        raise SecretError(
            "A line is not KEY=VALUE.",  # which is not shown: it may be a secret
            where=f"{path}, line {number}",
            next_step="Correct it; remarks begin with #.",
        )
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return name.strip(), value[1:-1] if quoted else value


def _text(path: Path, name: str, *, private: bool = False) -> str:
    path = path.expanduser()
    try:
        with path.open("rb") as file:
            state = os.fstat(file.fileno())
            data = file.read()
    except OSError as error:
        raise SecretError(
            f"{name} cannot be read: {error.strerror}.",
            where=str(path),
            next_step="Make the file, or correct the path.",
        ) from None
    if private and os.name != "nt" and state.st_mode & OTHERS:
        raise SecretError(
            f"{name} may be read by others.",
            where=str(path),
            next_step=f"Run: chmod 600 '{path}'",
        )
    return data.decode("utf-8", "surrogateescape")
