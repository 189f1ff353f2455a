"""A home for the Python API, on the embedded target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ncp import Schedule

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a home that uses the embedded target."""
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.delenv("NCP_HOME", raising=False)
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    (folder / "config.toml").write_text('target = "embedded"\n')
    return folder


@pytest.fixture
def schedule(home: Path) -> Schedule:
    return Schedule(home)
