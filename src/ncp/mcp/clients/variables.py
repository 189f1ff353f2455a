"""`${…}` in the configurations of MCP clients: put in what is known here, refuse the rest in words.

A scheduled run has no window, asks for nothing, and has not the variables of a shell. A value that
may be a secret is never copied: `--set NAME=keyring:service/user` says where it is.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ncp import masking
from ncp.errors import InputError
from ncp.mcp import secrecy

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

VARIABLE = re.compile(r"\$\{([^{}]*)\}")
NAME = re.compile(r"(?:env:)?(?P<name>[A-Za-z_]\w*)(?::-(?P<default>.*))?", re.DOTALL)
WINDOW = re.compile(r"[a-z]+:(?!-).*|[a-z]\w*|/", re.DOTALL)
"""What editors put in: `env:NAME`, `input:NAME`, `workspaceFolder`; `NAME` they leave alone."""


@dataclass(frozen=True, slots=True)
class Context:
    """What variables are put in from: this shell, what was given, the user's home, a project.

    `window`, `plain`: whether the client puts in the variables of editors, and `${NAME}`.
    """

    environ: Mapping[str, str]
    given: Mapping[str, str]
    home: str
    project: Path | None
    window: bool
    plain: bool
    own: Collection[str] = ()
    """The variables that the server has of its own; some programs put those in themselves."""


def put_in(context: Context, key: str, value: Any) -> Any:
    """Put values in the texts of one key of a server; InputError says what cannot be known."""
    if isinstance(value, dict):
        return {name: put_in(context, f"{key}.{name}", text) for name, text in value.items()}
    if isinstance(value, list):
        return [put_in(context, key, text) for text in value]
    return _text(context, key, value) if isinstance(value, str) else value


def _text(context: Context, key: str, text: str) -> str:
    def value(match: re.Match[str]) -> str:
        found = _value(context, key, match[1])
        if secrecy.is_reference(found):
            whole = text[: match.start()] + found + text[match.end() :]
            _require_resolvable(key, whole, match[0])
        return found

    return VARIABLE.sub(value, text)


def _require_resolvable(key: str, text: str, variable: str) -> None:
    """References are looked up where they are the whole value of a variable or a header."""
    if not (key.startswith(("env.", "headers.")) and secrecy.is_reference(text)):
        raise InputError(
            f"{variable} is a secret, and stands in {key.partition('.')[0]} among other text.",
            where=key,
            next_step=f"Write the value itself: --set {variable[2:-1].rpartition(':')[2]}=VALUE",
        )


def _value(context: Context, key: str, words: str) -> str:
    if context.window and WINDOW.fullmatch(words):
        return _of_window(context, key, words)
    match = NAME.fullmatch(words)
    if context.plain and match and "env:" not in words:
        return _of_shell(context, key, words, match)
    return f"${{{words}}}"


def _of_window(context: Context, key: str, words: str) -> str:
    project = context.project
    known = {
        "userHome": context.home,
        "pathSeparator": os.sep,
        "/": os.sep,
        "workspaceFolder": None if project is None else str(project),
        "workspaceFolderBasename": None if project is None else project.name,
    }
    if words in known:
        return known[words] or _refused(key, words, "is the folder of a window, and there is none")
    kind, _, name = words.partition(":")
    if kind == "input":
        return context.given.get(name) or _asked(key, words, name, "is asked for by the client")
    match = NAME.fullmatch(words)
    if kind != "env" or match is None:
        return _refused(key, words, "means something to the client only")
    return _of_shell(context, key, words, match)


def _of_shell(context: Context, key: str, words: str, match: re.Match[str]) -> str:
    name, default = match["name"], match["default"]
    if name == "CLAUDE_PROJECT_DIR" and context.project is not None:
        return str(context.project)
    if name in context.given:
        return context.given[name]
    if name in context.environ:
        if masking.is_secretive(name):
            return _asked(key, words, name, "seems to be a secret of this shell")
        return context.environ[name]
    if words in context.own and not key.startswith("env."):
        return f"${{{words}}}"
    return _asked(key, words, name, "is not set here") if default is None else default


def _asked(key: str, words: str, name: str, why: str) -> str:
    raise InputError(
        f"${{{words}}} {why}.",
        where=key,
        next_step=f"Say where it is: --set {name}=keyring:service/user (or file:PATH)."
        if key.startswith(("env.", "headers."))
        else f"Say what it is: --set {name}=VALUE",
    )


def _refused(key: str, words: str, why: str) -> str:
    raise InputError(f"${{{words}}} {why}.", where=key, next_step="Write its value there first.")
