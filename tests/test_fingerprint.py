from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ncp import fingerprint

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_document_that_is_replaced_or_edited_has_another_fingerprint(tmp_path: Path) -> None:
    file, seen = tmp_path / "schedule.json", set()
    seen.add(fingerprint.document(str(tmp_path)))
    file.write_text("{}")
    seen.add(fingerprint.document(str(tmp_path)))
    (tmp_path / "beside").write_text("{}")
    os.utime(tmp_path / "beside", ns=(1, file.stat().st_mtime_ns))
    (tmp_path / "beside").rename(file)
    seen.add(fingerprint.document(str(tmp_path)))
    os.utime(file, ns=(1, file.stat().st_mtime_ns + 1))
    seen.add(fingerprint.document(str(tmp_path)))
    assert len(seen) == 4


def test_the_zone_is_that_of_the_machine_and_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "localtime"
    monkeypatch.setattr(fingerprint, "ZONE_FILES", (str(link), str(tmp_path / "tzdata.zi")))
    seen = {fingerprint.zone()}
    link.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    seen.add(fingerprint.zone())
    (tmp_path / "tzdata.zi").write_text("# version 2026a")
    seen.add(fingerprint.zone())
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    seen.add(fingerprint.zone())
    assert len(seen) == 4
    assert fingerprint.zone() in seen
