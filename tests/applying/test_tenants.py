"""Entries that a moved or deleted home left on a Mac or on Windows, against fake tools."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hosts import MAC, WINDOWS, timing
from ncp import targets
from ncp.applying import installing, tenants

if TYPE_CHECKING:
    from ncp.model import Host

FAKES = Path(__file__).parent.parent / "fakes"


@pytest.fixture(params=["launchd", "schtasks"])
def left(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A target with entries of two homes, of which one is gone."""
    monkeypatch.setenv("PATH", f"{FAKES}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_LAUNCHCTL", str(tmp_path / "launchctl.json"))
    monkeypatch.setenv("FAKE_SCHTASKS", str(tmp_path / "schtasks.json"))
    name = str(request.param)
    if name == "schtasks":
        (tmp_path / "schtasks.json").write_text('{"tasks": {}}')
    for tag in ("0000aaaa", "0000bbbb"):
        host = of(name, tmp_path, tag)
        launcher = Path(host.launcher)
        launcher.parent.mkdir(parents=True)
        launcher.touch()
        made = [targets.target(name).emit(timing("0 9 * * *", id="t"), host)]
        installing.install(made, name, host)
    (tmp_path / "0000aaaa").rename(tmp_path / "moved")
    return name


def of(name: str, folder: Path, tag: str) -> Host:
    """The host of a home; the fake of Windows is given POSIX paths."""
    if name == "launchd":
        return replace(MAC, user_home=str(folder), home=str(folder / tag), tag=tag)
    return replace(WINDOWS, system="linux", home=str(folder / tag), tag=tag)


def test_what_a_home_that_is_gone_left_is_named_and_removed(left: str, tmp_path: Path) -> None:
    system = MAC.system if left == "launchd" else WINDOWS.system
    here = replace(of(left, tmp_path, "0000cccc"), system=system)
    (orphan,) = tenants.orphans(here)
    said = f"1 {left} entry of ncp ("
    assert tenants.said(orphan).startswith(said)
    assert f"calls {tmp_path}/0000aaaa/bin/ncp, which is gone" in tenants.said(orphan)
    tenants.remove(orphan, here)
    assert list(tenants.orphans(here)) == []
    assert installing.shown(left, of(left, tmp_path, "0000aaaa")) == []
    assert len(installing.shown(left, of(left, tmp_path, "0000bbbb"))) == 1
