from __future__ import annotations

import grp
import hashlib
import os
import pwd
import subprocess
from pathlib import Path

import pytest

from ncp.errors import HomeError
from ncp.store import home as homes
from ncp.store.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A safe home."""
    found = Home(tmp_path / "home", "1a2b3c4d")
    homes.prepare(found)
    return found


def test_without_a_word_the_home_is_the_default_and_bears_no_tag(tmp_path: Path) -> None:
    found = homes.locate({}, tmp_path)
    assert found == Home(tmp_path / ".ncp" / "scheduler", "")
    assert homes.locate({"NCP_HOME": ""}, tmp_path) == found
    assert homes.locate({"NCP_HOME": str(found.path)}, tmp_path) == found


def test_another_home_bears_the_digits_of_its_real_path(tmp_path: Path) -> None:
    real, link = tmp_path / "real n & c 100%", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    tag = hashlib.sha256(os.fsencode(real)).hexdigest()[:8]
    for name in (real, link, f"{tmp_path}/x/../link/"):
        assert homes.locate({"NCP_HOME": str(name)}, tmp_path) == Home(real, tag)


def test_a_linked_user_folder_is_the_same_default_home(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    assert homes.locate({}, tmp_path / "link").tag == ""
    assert homes.locate({"NCP_HOME": f"{tmp_path}/.ncp/scheduler"}, tmp_path / "link").tag == ""


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert homes.locate({"NCP_HOME": "here"}, Path("/u")).path == tmp_path / "here"


@pytest.mark.parametrize("path", ["/a\nb", "/a\rb", "/a\0b"])
def test_a_path_that_no_entry_can_carry_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(HomeError) as caught:
        homes.locate({"NCP_HOME": path}, tmp_path)
    assert (caught.value.where, caught.value.exit_code) == ("NCP_HOME", 2)


def test_the_files_of_a_home_stand_where_the_launcher_looks_for_them(home: Home) -> None:
    names = (home.schedule, home.config, home.ledger, home.launcher, home.logs)
    assert [str(name.relative_to(home.path)) for name in names] == [
        "schedule.json",
        "config.toml",
        "state.db",
        "bin/ncp",
        "logs",
    ]


def test_a_new_home_is_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        homes.prepare(Home(tmp_path / "new", ""))
    finally:
        os.umask(before)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError) as caught:
        homes.prepare(Home(tmp_path / "file" / "home", ""))
    assert "Not a directory" in caught.value.what
    assert "NCP_HOME" in caught.value.next_step


@pytest.mark.parametrize("mode", [0o702, 0o722, 0o777])
def test_a_home_that_others_may_write_is_refused_with_the_chmod_to_run(
    home: Home, mode: int
) -> None:
    home.path.chmod(mode)
    with pytest.raises(HomeError) as caught:
        homes.require_safe(home)
    assert caught.value.next_step == f"Run: chmod go-w '{home.path}'"


@pytest.mark.parametrize("mode", [0o700, 0o755, 0o750])
def test_a_home_that_others_may_only_read_is_fine(home: Home, mode: int) -> None:
    home.path.chmod(mode)
    homes.require_safe(home)


def test_a_document_that_others_may_write_is_refused(home: Home) -> None:
    home.schedule.write_text("{}")
    home.schedule.chmod(0o646)
    with pytest.raises(HomeError) as caught:
        homes.require_safe(home)
    assert caught.value.where == str(home.schedule)


def test_the_owners_own_group_may_write_and_another_may_not(home: Home) -> None:
    user = pwd.getpwuid(os.getuid())
    if set(grp.getgrgid(user.pw_gid).gr_mem) <= {user.pw_name}:
        home.path.chmod(0o770)
        homes.require_safe(home)
    if os.getuid() != 0:
        pytest.skip("only root can give a folder to another group")
    other = next(group.gr_gid for group in grp.getgrall() if group.gr_gid != user.pw_gid)
    os.chown(home.path, -1, other)
    home.path.chmod(0o770)
    with pytest.raises(HomeError, match="Other users may write it"):
        homes.require_safe(home)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_home_of_another_user_is_refused(home: Home) -> None:
    os.chown(home.path, 65534, 65534)
    with pytest.raises(HomeError, match="belongs to another user"):
        homes.require_safe(home)


def test_a_group_that_has_no_name_is_not_the_owners_own(home: Home) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a folder to a group without a name")
    os.chown(home.path, -1, 987_654)
    home.path.chmod(0o770)
    with pytest.raises(HomeError, match="Other users may write it"):
        homes.require_safe(home)


def test_a_home_on_a_network_file_system_is_refused_with_one_to_use(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = subprocess.run(
        ["findmnt", "-n", "-o", "FSTYPE", "-T", home.path], capture_output=True, check=True
    )
    kind = found.stdout.decode().split()[-1]
    monkeypatch.setattr(homes, "NETWORK", {kind})
    with pytest.raises(HomeError) as caught:
        homes.require_safe(home)
    assert f"network file system ({kind})" in caught.value.what
    assert "Set NCP_HOME to a local folder" in caught.value.next_step


def test_the_place_of_a_home_is_kept_whatever_the_environment_says_later(home: Home) -> None:
    first = homes.place(home, {"XDG_CONFIG_HOME": "/c"}, Path("/u"), None)
    assert (first.user_home, first.config_home) == ("/u", "/c")
    assert homes.place(home, {}, Path("/other"), first.dump()) == first


def test_a_home_that_was_moved_has_a_new_place(home: Home) -> None:
    first = homes.place(home, {}, Path("/u"), None)
    moved = homes.place(Home(home.path / "x", ""), {}, Path("/v"), first.dump())
    assert (moved.path, moved.config_home) == (str(home.path / "x"), "/v/.config")


@pytest.mark.parametrize("recorded", [None, "", homes.machine_id()])
def test_a_home_of_this_machine_or_of_none_yet_is_fine(home: Home, recorded: str | None) -> None:
    homes.require_same_machine(home, recorded)


def test_a_home_that_another_machine_used_is_refused_with_one_to_use(home: Home) -> None:
    with pytest.raises(HomeError) as caught:
        homes.require_same_machine(home, "another")
    assert caught.value.where == str(home.path)
    assert f"NCP_HOME, for example to {home.path}-" in caught.value.next_step
