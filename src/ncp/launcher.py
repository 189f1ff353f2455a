"""The text of the launcher: the one stable path that native entries call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncp import __version__
from ncp.rendering import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from ncp.model import System


def launcher_text(
    home: str,
    python: str,
    package: str,
    command: str,
    system: System,
    *,
    stable: str = "",
    path: str = "",
) -> str:
    """Write the launcher of a home.

    `python` is the interpreter to use, `package` the folder of the ncp package. Where those
    are gone, `stable` is asked, the name of `ncp` that an upgrade keeps, with the PATH by which
    it was found, and then the program `command` (each empty: none).
    """
    windows = system == "windows"
    quote: Callable[[str], str] = cmd_quoted if windows else sh_quoted
    values = {
        "home": home,
        "python": python,
        "package": package,
        "command": command,
        "stable": stable,
        "path": path,
    }
    text = render(
        "launcher.cmd.j2" if windows else "launcher.sh.j2",
        version=__version__,
        **{name: quote(value) for name, value in values.items()},
    )
    return text.replace("\n", "\r\n") if windows else text


def sh_quoted(text: str) -> str:
    """Quote a text as one word of a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def cmd_quoted(text: str) -> str:
    """Write a path between double quotes of a batch file, where only `%` has a meaning."""
    return text.replace("%", "%%")
