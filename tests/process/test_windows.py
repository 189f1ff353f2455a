"""The Windows file has the same names as the POSIX one; nothing here runs it."""

from __future__ import annotations

import inspect

import pytest

from ncp import process
from ncp.process import posix, windows

SHARED = sorted({*process.__all__} - {"Bounds", "CannotStart", "run"})


@pytest.mark.parametrize("name", SHARED)
def test_both_systems_have_the_same_interface(name: str) -> None:
    ours, theirs = getattr(posix, name), getattr(windows, name)
    assert inspect.isclass(ours) == inspect.isclass(theirs)
    if not inspect.isclass(ours):
        assert inspect.signature(ours) == inspect.signature(theirs)


@pytest.mark.parametrize(
    ("name", "method"),
    [("Children", m) for m in ("spawn", "wait", "close")]
    + [("Child", m) for m in ("terminate", "kill")],
)
def test_both_systems_have_the_same_methods(name: str, method: str) -> None:
    ours, theirs = (getattr(getattr(system, name), method) for system in (posix, windows))
    assert inspect.signature(ours) == inspect.signature(theirs)


def test_the_launcher_is_a_batch_file() -> None:
    assert windows.launcher("C:\\h", "_settle") == ("C:\\h\\bin\\ncp.cmd", "_settle")
