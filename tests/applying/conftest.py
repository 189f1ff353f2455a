"""A home on the cron target, with a crontab program of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.conftest import Ncp, ncp
from cli.crontab import PROGRAM, Crontab

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ncp"]


@pytest.fixture
def crontab(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> Crontab:
    return Crontab(ncp, monkeypatch)


@pytest.fixture
def forbid_writing(crontab: Crontab) -> Callable[[], None]:
    """From now on the table can be read and not be written."""

    def forbid() -> None:
        words = 'echo "crontab: the table is full" >&2; exit 1'
        text = PROGRAM.format(folder=crontab.folder).replace("cat >table; echo w >>writes", words)
        (crontab.folder / "bin" / "crontab").write_text(text)

    return forbid
