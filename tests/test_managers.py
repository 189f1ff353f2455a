"""Which user manager runs, as /proc shows it."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

import pytest

from ncp.host import managers
from ncp.model import Manager

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is part of Linux")


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A /proc with this process's own namespaces."""
    folder = tmp_path / "proc"
    monkeypatch.setattr(managers, "PROC", folder)
    monkeypatch.setattr(managers, "_listens", lambda _: False)
    process(folder, "self", "python", [], {})
    return folder


def process(
    folder: Path,
    pid: str,
    name: str,
    words: list[str],
    variables: dict[str, str],
    *,
    mount: int = 1,
) -> None:
    one = folder / pid
    (one / "ns").mkdir(parents=True)
    (one / "comm").write_text(f"{name}\n")
    (one / "cmdline").write_text("".join(f"{word}\0" for word in words))
    (one / "environ").write_text("".join(f"{k}={v}\0" for k, v in variables.items()))
    (one / "ns/mnt").symlink_to(f"mnt:[{mount}]")


def uid_of(folder: Path) -> int:
    return (folder / "self").stat().st_uid


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"HOME": "/home/a", "XDG_RUNTIME_DIR": "/r"}, Manager("/r", "/home/a/.config")),
        ({"HOME": "/home/a", "XDG_CONFIG_HOME": "/c"}, Manager("/run/user/{uid}", "/c")),
    ],
)
def test_a_manager_tells_its_folders(proc: Path, variables: dict[str, str], found: Manager) -> None:
    uid = uid_of(proc)
    process(proc, "1", "systemd", ["/sbin/init"], {})
    process(proc, "7", "systemd", ["/lib/systemd/systemd", "--user"], {"HOME": "/x"}, mount=2)
    process(proc, "9", "systemd", ["/lib/systemd/systemd", "--user"], variables)
    wanted = Manager(found.runtime_dir.format(uid=uid), found.config_home)
    assert managers.manager(uid, "/home/b/.config") == wanted
    assert managers.manager(uid + 1, "/home/b/.config") is None


def test_its_folder_by_another_path_is_the_same(proc: Path, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    process(proc, "9", "systemd", ["s", "--user"], {"HOME": str(tmp_path / "real")})
    asked = f"{tmp_path}/link/.config"
    found = managers.manager(uid_of(proc), asked)
    assert found is not None
    assert found.config_home == asked


def test_a_socket_shows_a_manager_only_while_somebody_listens(tmp_path: Path) -> None:
    path = str(tmp_path / "private")
    assert not managers._listens(path)  # noqa: SLF001  the folder of its caller is the machine's
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        assert not managers._listens(path)  # noqa: SLF001  same
        server.listen()
        assert managers._listens(path)  # noqa: SLF001  same
    assert not managers._listens(path)  # noqa: SLF001  same
