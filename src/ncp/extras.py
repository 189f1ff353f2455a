"""How the optional parts of ncp are put into the environment that it runs in."""

from __future__ import annotations

import os
import shlex
import sys

MANAGED = {"pipx_metadata.json": "pipx", "uv-receipt.toml": "uv"}
"""What pipx and uv leave in an environment of theirs."""


def installing(extra: str) -> str:
    """Say the one command that adds an extra to this environment, by who made it.

    The environment is found from this file too: a firing runs without `site`,
    and its `sys.prefix` is that of the base installation.
    """
    package = f"'ncp-scheduler[{extra}]'"
    folders = [sys.prefix, *_above(os.path.abspath(__file__))]  # noqa: PTH100  pathlib is slow to import
    for folder in folders:
        for file, tool in MANAGED.items():
            if os.path.exists(f"{folder}/{file}"):  # noqa: PTH110  same
                return _by(tool, folder, package)
    return f"{shlex.quote(sys.executable)} -m pip install {package}"


def _by(tool: str, folder: str, package: str) -> str:
    if tool == "uv":
        return f"uv tool install {package}"
    return f"pipx inject {shlex.quote(os.path.basename(folder))} {package}"  # noqa: PTH119  same


def _above(path: str) -> list[str]:
    found = []
    while (above := os.path.dirname(path)) != path:  # noqa: PTH120  same
        found.append(above)
        path = above
    return found
