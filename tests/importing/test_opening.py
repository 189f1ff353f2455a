"""Whatever is named is opened, or refused in three parts."""

from __future__ import annotations

import errno
import os
import pathlib
from typing import TYPE_CHECKING

import pytest

from ncp.errors import InputError
from ncp.intake import opening

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "It is empty."),
        (b" \n\t\n", "It is empty."),
        (b"* * * * * a\0b\n", "It is not a text: it holds the byte 0."),
        (b"#" * (opening.MOST_BYTES + 1), "It has more than 16 MB, which no schedule needs."),
    ],
    ids=["empty", "blank", "binary", "huge"],
)
def test_a_file_without_a_schedule_is_refused(tmp_path: Path, data: bytes, complaint: str) -> None:
    file = tmp_path / "crontab"
    file.write_bytes(data)
    with pytest.raises(InputError) as caught:
        opening.opened(str(file))
    assert (caught.value.what, caught.value.where) == (complaint, str(file))
    assert caught.value.next_step


def test_a_folder_is_refused_with_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"It is a folder\. Name one file in it"):
        opening.opened(str(tmp_path))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="It cannot be read: No such file or directory"):
        opening.opened(str(tmp_path / "none"))


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    file = tmp_path / "crontab"
    file.write_text("* * * * * true\n")
    monkeypatch.setattr(pathlib.Path, "open", refuse)  # root may read everything
    with pytest.raises(InputError, match="It cannot be read: Permission denied"):
        opening.opened(str(file))


def test_what_is_no_utf_8_is_named_with_its_place_where_that_matters(tmp_path: Path) -> None:
    file = tmp_path / "crontab"
    file.write_bytes(b"caf\xe9")
    found = opening.opened(str(file))
    assert found.loose == "caf\udce9"
    with pytest.raises(InputError, match="The byte 0xe9 at position 3 is not UTF-8"):
        _ = found.text
