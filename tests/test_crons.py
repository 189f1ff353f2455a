"""Whose `crontab` this is, told from what stands beside it and from what it says."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ncp.host import crons
from ncp.host.look import processes

if TYPE_CHECKING:
    from pathlib import Path

SAID = {
    "cronie": "cronie 1.7.2",
    "busybox": "BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1) multi-call binary.",
    "mcron": "crontab (mcron 1.2.1)",
    "dcron": "crontab 4.5\ncrontab -d [-u user]    delete crontab",
    "vixie": "usage: crontab [-u user] file\n(default operation is replace, per 1003.2)",
    "": "usage: crontab [file]",
}
"""Answers to `crontab -V`: of the real programs, but for dcron's and mcron's, which are from
their sources."""


def program(path: Path, said: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\ncat <<'END' >&2\n{said}\nEND\nexit 1\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def usr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own, first on PATH."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'usr/bin'}:/usr/bin:/bin")
    return tmp_path / "usr"


@pytest.mark.parametrize("cron", SAID)
def test_what_crontab_says_tells_whose_it_is(usr: Path, cron: str) -> None:
    program(usr / "bin/crontab", SAID[cron])
    assert crons.named() == cron


@pytest.mark.parametrize(
    ("beside", "cron"),
    [
        ("sbin/cron", "vixie"),
        ("sbin/bcron-sched", "bcron"),
        ("lib/systemd/system-generators/systemd-crontab-generator", "systemd-cron"),
        ("../lib/systemd/system-generators/systemd-crontab-generator", "systemd-cron"),
    ],
)
def test_what_stands_beside_crontab_tells_without_asking_it(
    usr: Path, beside: str, cron: str
) -> None:
    program(usr / "bin/crontab", "cronie")
    program(usr / beside)
    assert crons.named() == cron


@pytest.mark.parametrize("real", ["bin/busybox", "bin/bbsuid", "bin/busybox.static"])
def test_a_link_to_a_program_of_many_names_is_busyboxs(usr: Path, real: str) -> None:
    program(usr / real)
    (usr / "bin/crontab").symlink_to(usr / real)
    program(usr / "sbin/cron")
    assert crons.named() == "busybox"


def test_without_crontab_there_is_mcron_or_none(usr: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(usr / "bin"))
    assert crons.named() == ""
    program(usr / "bin/mcron")
    assert crons.named() == "mcron"


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_busybox_is_named_by_what_it_was_told_to_be(tmp_path: Path) -> None:
    shutil.copy(shutil.which("sleep") or "", tmp_path / "busybox")
    told = ["busybox", "9"]  # as `busybox crond` would be
    with subprocess.Popen(told, executable=tmp_path / "busybox") as process:
        assert "9" in processes()
        assert "busybox" not in processes()
        process.kill()
