"""A home that somebody else owns: whose it is, and the line that gives it back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ncp import trust
from ncp.errors import HomeError
from ncp.store import home as homes
from ncp.store.home import Home

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    os.name == "nt" or os.getuid() != 0, reason="only root can give a folder away"
)
NOBODY = 65534


@pytest.fixture
def made_by_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of root's in another user's folder, and that user."""
    home = tmp_path / "user's/.ncp/scheduler"
    home.mkdir(parents=True)
    os.chown(tmp_path / "user's", NOBODY, NOBODY)
    monkeypatch.setattr(os, "getuid", lambda: NOBODY)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    return home


def test_what_root_made_in_ones_folder_is_taken_back_whole(made_by_root: Path) -> None:
    whose, mend = trust.unwritable(made_by_root)
    assert whose == " It belongs to root."
    assert mend.startswith("Run: sudo chown -R ")
    assert mend.endswith("user'\\''s/.ncp'")
    with pytest.raises(HomeError, match="It belongs to root") as caught:
        homes.require_writable(Home(made_by_root, ""))
    assert caught.value.next_step == mend


def test_a_folder_of_ones_own_only_lacks_the_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(HomeError) as caught:
        homes.require_writable(Home(tmp_path, ""))
    assert caught.value.next_step.startswith(f"Run: chmod u+rwx '{tmp_path}'")
