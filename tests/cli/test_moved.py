"""Homes that were moved, copied or deleted, and the entries that they leave."""

from __future__ import annotations

import importlib
import shutil
from typing import TYPE_CHECKING

import pytest

from cli.crontab import Crontab

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp


@pytest.fixture
def crontab(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> Crontab:
    table = Crontab(ncp, monkeypatch)
    look = importlib.import_module("ncp.host.look")
    monkeypatch.setattr(look, "processes", lambda: frozenset({"cron"}))
    ncp.create("hourly", name="a")
    return table


def elsewhere(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another path, which NCP_HOME names from now on."""
    path = ncp.home.with_name("new home")
    monkeypatch.setenv("NCP_HOME", str(path))
    return path


def of(crontab: Crontab, home: Path) -> list[str]:
    """The lines that run timings of a home."""
    return [line for line in crontab.lines if f"{home.name}/bin/ncp" in line.replace("'\\%", "%")]


@pytest.fixture
def moved(ncp: Ncp, crontab: Crontab, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert crontab.lines
    return ncp.home.rename(elsewhere(ncp, monkeypatch))


@pytest.fixture
def copied(ncp: Ncp, crontab: Crontab, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert crontab.lines
    return shutil.copytree(ncp.home, elsewhere(ncp, monkeypatch))


@pytest.mark.usefixtures("moved")
def test_a_sync_of_a_moved_home_says_what_its_old_place_left(ncp: Ncp, crontab: Crontab) -> None:
    before = len(crontab.lines)
    said = ncp("schedule", "sync")
    assert f"{ncp.home} ({before})" in said.err
    assert "To take them along: ncp schedule sync --moved" in said.err
    assert len(crontab.lines) == 2 * before
    assert ncp("schedule", "sync", "--json").json["advice"][-1].startswith("This home was moved;")


def test_a_moved_home_takes_its_entries_along_when_told(
    ncp: Ncp, crontab: Crontab, moved: Path
) -> None:
    said = ncp("schedule", "sync", "--moved")
    assert (said.code, "- hourly (of the old place)" in said.out) == (0, True)
    assert crontab.lines == of(crontab, moved)
    assert "moved" not in ncp("schedule", "sync").err
    assert "which is gone" not in ncp("doctor").out


@pytest.mark.usefixtures("moved")
def test_any_change_in_a_moved_home_names_what_was_left(ncp: Ncp) -> None:
    said = ncp("schedule", "create", "daily", "--json", "--", "true")
    assert "--moved" in said.json["advice"][-1]


def test_the_doctor_names_entries_without_a_launcher_and_fix_removes_them(
    ncp: Ncp, crontab: Crontab, moved: Path
) -> None:
    ncp("schedule", "sync")
    said = ncp("doctor")
    assert f"{ncp.home}/bin/ncp, which is gone" in said.out
    assert "To mend it: ncp doctor --fix" in said.out
    assert "would   entries: Remove: " in ncp("doctor", "--fix", "--dry-run").out
    assert of(crontab, ncp.home)
    assert "done    entries: Remove: " in ncp("doctor", "--fix").out
    assert crontab.lines == of(crontab, moved)


def test_the_doctor_of_another_home_names_what_a_deleted_one_left(
    ncp: Ncp, crontab: Crontab, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(ncp.home)
    elsewhere(ncp, monkeypatch)
    assert f"{ncp.home}/bin/ncp, which is gone" in ncp("doctor").out
    ncp("doctor", "--fix")
    assert crontab.lines == []


def test_a_home_that_was_moved_behind_a_link_is_still_itself(
    ncp: Ncp, crontab: Crontab, moved: Path
) -> None:
    ncp.home.symlink_to(moved)
    assert ncp("schedule", "sync", "--moved").code == 0
    assert crontab.lines == of(crontab, moved)


def test_a_home_that_moved_back_keeps_its_entries(
    ncp: Ncp, crontab: Crontab, moved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ncp("schedule", "sync")
    moved.rename(ncp.home)
    monkeypatch.setenv("NCP_HOME", str(ncp.home))
    ncp("schedule", "sync", "--moved")
    assert crontab.lines == of(crontab, ncp.home) != []


def test_what_a_new_home_at_the_old_place_made_is_its_own(
    ncp: Ncp, crontab: Crontab, moved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCP_HOME", str(ncp.home))
    ncp.home.mkdir(mode=0o700)
    ncp("schedule", "create", "daily", "--target", "cron", "--", "true")
    theirs = of(crontab, ncp.home)
    monkeypatch.setenv("NCP_HOME", str(moved))
    ncp("schedule", "sync", "--adopt", "--moved")
    assert of(crontab, ncp.home) == theirs != []


@pytest.mark.usefixtures("copied")
@pytest.mark.parametrize(
    "words",
    [
        ("sync",),
        ("create", "daily", "--", "true"),
        ("pause", "a"),
        ("delete", "a", "-y"),
        ("sync", "--target", "embedded"),
    ],
)
def test_a_copy_installs_no_second_set_unasked(
    ncp: Ncp, crontab: Crontab, words: tuple[str, ...]
) -> None:
    before = crontab.text
    said = ncp("schedule", *words)
    assert (said.code, crontab.text) == (2, before)
    assert f"It is a copy of {ncp.home}, which is still there" in said.err
    assert "ncp schedule sync --adopt" in said.err


@pytest.mark.usefixtures("copied")
def test_a_copy_can_be_looked_at_and_left(ncp: Ncp, crontab: Crontab) -> None:
    before = crontab.text
    assert "hourly" in ncp("schedule", "list").out
    assert f"is a copy of {ncp.home}" in ncp("doctor").out
    assert ncp("uninstall", "-y").code == 0
    assert crontab.text == before


def test_a_copy_that_is_adopted_is_a_home_of_its_own(
    ncp: Ncp, crontab: Crontab, copied: Path
) -> None:
    theirs = of(crontab, ncp.home)
    assert ncp("schedule", "sync", "--adopt").code == 0
    assert (of(crontab, ncp.home), bool(of(crontab, copied))) == (theirs, True)
    said = ncp("schedule", "create", "daily", "--json", "--", "true")
    assert said.json["advice"] == []
    assert ncp("schedule", "sync", "--moved").code == 0
    assert of(crontab, ncp.home) == theirs


@pytest.mark.usefixtures("copied")
def test_no_daemon_serves_a_copy_unasked(ncp: Ncp) -> None:
    assert ncp("daemon", "run").code == 2


@pytest.mark.usefixtures("copied")
def test_a_copied_home_is_called_a_copy_and_not_out_of_date(ncp: Ncp) -> None:
    said = ncp(), ncp("schedule", "list"), ncp("doctor", "--fix")
    for one in said:
        assert "is a copy of" in one.out + one.err
        assert "ncp schedule sync --adopt" in one.out + one.err
        for wrong in (
            "not what was compiled",
            "older than the file",
            "ncp schedule sync\n",
            "failed ",
        ):
            assert wrong not in one.out + one.err
    assert ncp("schedule", "sync", "--adopt").code == 0
    assert "copy" not in ncp("schedule", "list").err
