"""Whom ncp trusts with what it runs: root and oneself, all the way up."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ncp import files, trust
from ncp.errors import HomeError
from ncp.host import perform
from ncp.model import File, Write
from others import UID, folder_of, ncp_as, needs_root, open_room

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER = 23456


@pytest.fixture
def room() -> Iterator[Path]:
    with open_room() as found:
        yield found


def pasted(said: str) -> str:
    """The line that a message says to run."""
    return said[said.index("Run: ") + len("Run: ") :].splitlines()[0]


@needs_root
def test_at_umask_zero_nothing_is_made_that_others_may_write(room: Path) -> None:
    user = folder_of(UID, room / "ann")
    environment = {"HOME": str(user)}
    create = ("schedule", "create", "hourly", "--target", "embedded", "--", "true")
    said = ncp_as(UID, environment, *create, umask=0)
    assert said.returncode == 0, said.stderr
    made = [user / ".ncp", *(user / ".ncp").rglob("*")]
    assert {path.name for path in made} >= {".ncp", "scheduler", "bin", "schedule.json", "state.db"}
    assert [str(path) for path in made if path.stat().st_mode & 0o022] == []


def test_folders_of_units_are_made_for_their_owner_to_write(tmp_path: Path) -> None:
    unit = tmp_path / ".config" / "systemd" / "user" / "ncp-a.timer"
    before = os.umask(0)
    try:
        perform([Write(File(str(unit), "x"))])
    finally:
        os.umask(before)
    above = [unit.parents[2], unit.parents[1], unit.parent]
    assert [folder.stat().st_mode & 0o777 for folder in above] == [0o755] * 3
    assert unit.stat().st_mode & 0o777 == 0o644


@needs_root
@pytest.mark.parametrize("which", ["ann/.ncp", "ann/.ncp/scheduler/bin", "ann"])
def test_whoever_could_swap_a_folder_is_named_with_the_line_that_stops_them(
    room: Path, which: str
) -> None:
    user = folder_of(UID, room / "ann")
    environment = {"HOME": str(user)}
    create = ("schedule", "create", "hourly", "--target", "embedded", "--", "true")
    assert ncp_as(UID, environment, *create).returncode == 0
    (room / which).chmod(0o777)
    for words in (("schedule", "list", "--json"), ("schedule", "run", "-h"), ("schedule", "sync")):
        said = ncp_as(UID, environment, *words)
        if "-h" not in words:
            assert said.returncode == 2, said.stdout
            assert "Other users may write it" in said.stderr
    doctor = ncp_as(UID, environment, "doctor")
    assert "yours alone to write" not in doctor.stdout
    line = pasted(said.stderr)
    assert line in doctor.stdout
    subprocess.run(line, shell=True, check=True, user=UID, cwd="/")
    assert ncp_as(UID, environment, "schedule", "list").returncode == 0
    assert "yours alone to write" in ncp_as(UID, environment, "doctor").stdout


@needs_root
@pytest.mark.parametrize(
    "name", ["schedule.json", "state.db", "config.toml", "mcp.json", "bin/ncp"]
)
@pytest.mark.parametrize("how", ["mode", "owner"])
def test_each_file_that_decides_what_runs_is_looked_at(room: Path, name: str, how: str) -> None:
    user = folder_of(UID, room / "ann")
    environment = {"HOME": str(user)}
    create = ("schedule", "create", "hourly", "--target", "embedded", "--", "true")
    assert ncp_as(UID, environment, *create).returncode == 0
    file = user / ".ncp" / "scheduler" / name
    file.touch()
    os.chown(file, UID, UID)
    if how == "mode":
        file.chmod(0o666)
    else:
        os.chown(file, OTHER, OTHER)
        file.chmod(0o644)
    said = ncp_as(UID, environment, "schedule", "create", "daily", "--", "true")
    assert said.returncode == 2
    assert str(file) in said.stderr
    assert "could make ncp run anything" in said.stderr


@needs_root
def test_root_in_another_users_home_makes_and_runs_nothing(room: Path) -> None:
    user = folder_of(UID, room / "ann")
    environment = {"HOME": str(user)}  # as `sudo -E` has it
    create = ("schedule", "create", "hourly", "--target", "embedded", "--", "true")
    said = ncp_as(0, environment, *create)
    assert said.returncode == 2
    assert f"{user}: It belongs to another user" in said.stderr
    assert list(user.iterdir()) == []
    assert "It belongs to another user" in ncp_as(0, environment, "doctor").stdout
    line = pasted(said.stderr)
    variable, _, value = line.removeprefix("export ").partition("=")
    assert variable == "NCP_HOME"
    assert Path(shlex.split(value)[0]).parts[:2] != user.parts[:2]
    assert trust.is_private(Path(shlex.split(value)[0]))

    assert ncp_as(UID, environment, *create).returncode == 0
    home = user / ".ncp" / "scheduler"
    for words in (("schedule", "list"), ("schedule", "run", "true"), ("_timing-run", "hourly")):
        assert ncp_as(0, environment, *words).returncode == 2
    fired = subprocess.run(
        ["/bin/sh", home / "bin" / "ncp", "_timing-run", "hourly"],
        env={"HOME": str(user), "PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fired.returncode == 2
    assert f"It belongs to user {UID}: user 0 runs nothing of it." in fired.stderr
    assert not (home / "logs").exists()


@needs_root
def test_a_firing_in_a_folder_that_all_may_write_runs_nothing(room: Path) -> None:
    user = folder_of(UID, room / "ann")
    environment = {"HOME": str(user)}
    create = ("schedule", "create", "* * * * *", "--target", "embedded", "--", "touch", "ran")
    assert ncp_as(UID, environment, *create, cwd=user).returncode == 0
    (user / ".ncp" / "scheduler").chmod(0o777)
    fired = subprocess.run(
        ["/bin/sh", user / ".ncp/scheduler/bin/ncp", "_timing-run", "every-minute"],
        env={"PATH": os.defpath},
        user=UID,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (fired.returncode, "so nothing is run" in fired.stderr) == (2, True)


@needs_root
def test_what_root_has_made_in_ones_own_home_is_taken_back(room: Path) -> None:
    user = folder_of(UID, room / "ann")
    made = user / ".ncp"
    made.mkdir(mode=0o700)
    said = ncp_as(UID, {"HOME": str(user)}, "schedule", "list")
    assert said.returncode == 2
    assert f"{made} belongs to root, and you may not look into it." in said.stderr
    line = pasted(said.stderr)
    assert line == f"sudo chown -R {UID} '{made}'"
    subprocess.run(line.removeprefix("sudo "), shell=True, check=True)
    assert ncp_as(UID, {"HOME": str(user)}, "schedule", "list").returncode == 0


@needs_root
def test_a_home_below_a_shared_folder_is_refused_unless_it_is_sticky(room: Path) -> None:
    shared = room / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    mine = folder_of(UID, shared / "mine")
    environment = {"HOME": str(mine), "NCP_HOME": str(mine / "home")}
    create = ("schedule", "create", "hourly", "--target", "embedded", "--", "true")
    said = ncp_as(UID, environment, *create)
    assert said.returncode == 2
    assert pasted(said.stderr) == f"sudo chmod +t '{shared}'"
    assert not (mine / "home").exists()
    shared.chmod(0o1777)
    assert ncp_as(UID, environment, *create).returncode == 0


@needs_root
def test_a_document_behind_a_link_is_judged_where_it_lies(room: Path) -> None:
    user = folder_of(UID, room / "ann")
    environment = {"HOME": str(user)}
    create = ("schedule", "create", "hourly", "--target", "embedded", "--", "true")
    assert ncp_as(UID, environment, *create).returncode == 0
    dotfiles = folder_of(UID, room / "dotfiles")
    document = user / ".ncp" / "scheduler" / "schedule.json"
    document.rename(dotfiles / "schedule.json")
    document.symlink_to(dotfiles / "schedule.json")
    assert ncp_as(UID, environment, "schedule", "sync").returncode == 0
    dotfiles.chmod(0o777)
    said = ncp_as(UID, environment, "schedule", "sync")
    assert (said.returncode, str(dotfiles) in said.stderr) == (2, True)


def test_no_unit_is_written_where_others_may_write(tmp_path: Path) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(Exception, match="Other users may write it") as caught:
        perform([Write(File(str(folder / "ncp-a.timer"), "x"))])
    assert f"chmod go-w '{folder}'" in str(caught.value)
    assert list(folder.iterdir()) == []


def test_a_folder_with_a_quote_in_its_name_can_be_pasted(tmp_path: Path) -> None:
    folder = tmp_path / "it's; rm -r x"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(HomeError) as caught:
        trust.require_private(folder)
    subprocess.run(pasted(str(caught.value)), shell=True, check=True)
    trust.require_private(folder)


def test_a_file_in_the_place_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(NotADirectoryError):
        files.make_folder(tmp_path / "a" / "b")
