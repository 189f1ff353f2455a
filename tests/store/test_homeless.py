"""NCP_HOME is all that ncp needs: users without a folder, without a name, without HOME."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from others import UID, folder_of, ncp_as, needs_root, open_room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = needs_root
HOMES = {
    "unset": {},
    "not there": {"HOME": "/nonexistent"},
    "not writable": {"HOME": "/usr"},
    "of another user": {"HOME": "/root"},
    "the root": {"HOME": "/"},
    "empty": {"HOME": ""},
}


@pytest.fixture
def room() -> Iterator[Path]:
    with open_room() as found:
        folder_of(UID, found / "data")
        yield found


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
def test_all_that_a_home_can_do_works_without_a_users_folder(
    room: Path, home: dict[str, str]
) -> None:
    data = room / "data"
    environment = {**home, "NCP_HOME": str(data / "ncp")}

    def ncp(*words: str, code: int = 0) -> str:
        said = ncp_as(UID, environment, *words, cwd=data)
        assert said.returncode == code, (words, said.stderr)
        assert "defect" not in said.stderr
        return said.stdout

    ncp()
    ncp(
        *("schedule", "create", "* * * * *", "--name", "a", "--target", "embedded"),
        *("--", "/bin/sh", "-c", 'echo "home: $HOME"; pwd; touch ran'),
    )
    ncp("schedule", "run", "a")
    assert (data / "ran").exists()
    assert "a" in ncp("schedule", "list")
    ncp("schedule", "executions")
    ncp("schedule", "update", "a", "--timeout", "60")
    ncp("schedule", "pause", "a")
    ncp("schedule", "resume", "a")
    ncp("schedule", "sync")
    ncp("schedule", "export")
    ncp("mcp", "servers")
    ncp("schedule", "next", "a")
    assert "defect" not in ncp_as(UID, environment, "doctor").stdout
    ncp("_timing-run", "every-minute")
    ncp("schedule", "delete", "a", "-y")
    ncp("uninstall", "-y")


@pytest.mark.parametrize(
    "words", [("schedule", "list"), ("doctor",), (), ("schedule", "create", "hourly", "--", "true")]
)
def test_without_any_folder_the_one_to_name_is_said(room: Path, words: tuple[str, ...]) -> None:
    said = ncp_as(UID, {}, *words)
    assert said.returncode == 2
    assert f"HOME is not set, and the password file does not know user {UID}." in said.stderr
    line = said.stderr.partition("Run: ")[2].splitlines()[0]
    assert line.startswith("export NCP_HOME=/var/tmp/ncp-")
    environment = {"NCP_HOME": str(room / "data" / "ncp")}
    assert "HOME is not set" not in ncp_as(UID, environment, *words).stderr


def test_a_home_that_is_named_by_a_tilde_without_a_folder_is_refused_in_words(room: Path) -> None:
    said = ncp_as(UID, {"NCP_HOME": "~/ncp"}, "schedule", "list", cwd=room / "data")
    assert said.returncode == 2
    assert "defect" not in said.stderr


def test_the_lock_of_a_user_with_a_folder_is_shared_by_all_homes(room: Path) -> None:
    user = folder_of(UID, room / "ann")
    environment = {"HOME": str(user), "NCP_HOME": str(room / "data" / "ncp")}
    create = ("schedule", "create", "hourly", "--target", "embedded", "--", "true")
    assert ncp_as(UID, environment, *create).returncode == 0
    assert (user / ".ncp" / "lock").exists()


def test_a_lock_is_never_made_in_the_folder_of_another_user(room: Path) -> None:
    user = folder_of(UID, room / "ann")
    (user / ".ncp").symlink_to(room)
    home = room / "root"
    home.mkdir(mode=0o700)
    environment = {"HOME": str(user), "NCP_HOME": str(home)}
    create = ("schedule", "create", "hourly", "--target", "embedded", "--", "true")
    said = ncp_as(0, environment, *create)
    assert said.returncode == 0, said.stderr
    assert (home / "lock").exists()
    assert not (room / "lock").exists()
