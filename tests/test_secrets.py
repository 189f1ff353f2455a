from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from ncp import secrets
from ncp.secrets import SecretError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("keyring:service/user", True),
        ("file:/run/secrets/key", True),
        ("file:~/key", True),
        ("file:///tmp/x", False),
        ("file:dev.db", False),
        ("https://example.org", False),
        ("", False),
    ],
)
def test_a_reference_is_told_from_a_value(value: str, expected: bool) -> None:
    assert secrets.is_reference(value) is expected


def test_one_newline_is_taken_off_a_secret_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_bytes(b"a b\n\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    found = secrets.resolved({"A": f"file:{tmp_path}/key", "B": "file:~/key", "C": "plain"})
    assert found == {"A": "a b\n", "B": "a b\n", "C": "plain"}


def test_a_secret_that_no_variable_can_hold_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"a\0b")
    with pytest.raises(SecretError, match="The secret A holds a NUL"):
        secrets.resolved({"A": f"file:{tmp_path}/key"})


def test_a_secret_that_is_not_there_says_which_and_where(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="A cannot be read: No such file") as caught:
        secrets.resolved({"A": f"file:{tmp_path}/key"})
    assert caught.value.where == f"{tmp_path}/key"


def keyring(monkeypatch: pytest.MonkeyPatch, answer: object) -> list[tuple[str, str]]:
    """Put a keyring in place that gives an answer, or raises it; return what it was asked."""
    asked: list[tuple[str, str]] = []

    def get_password(service: str, user: str) -> object:
        asked.append((service, user))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=get_password))
    return asked


def test_a_keyring_is_asked_for_service_and_user(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = keyring(monkeypatch, "s3cret")
    assert secrets.resolved({"A": "keyring:a/b/ann"}) == {"A": "s3cret"}
    assert asked == [("a/b", "ann")]


@pytest.mark.parametrize(
    ("answer", "complaint", "advice"),
    [
        (None, "The secret A is not in the keyring", "keyring set 's' 'u'"),
        (RuntimeError("Locked"), "locked or absent: Locked", "Unlock it"),
    ],
)
def test_a_keyring_that_gives_nothing_says_why(
    monkeypatch: pytest.MonkeyPatch, answer: object, complaint: str, advice: str
) -> None:
    keyring(monkeypatch, answer)
    with pytest.raises(SecretError, match=complaint) as caught:
        secrets.resolved({"A": "keyring:s/u"})
    assert advice in caught.value.next_step


@pytest.mark.parametrize("value", ["keyring:", "keyring:service", "keyring:/user", "keyring:s/"])
def test_a_reference_that_does_not_say_which_entry_is_refused(value: str) -> None:
    with pytest.raises(SecretError, match="does not say where it is") as caught:
        secrets.resolved({"A": value})
    assert caught.value.next_step == "Write keyring:service/user."


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SecretError, match="not installed") as caught:
        secrets.resolved({"A": "keyring:s/u"})
    assert "ncp-scheduler[keyring]" in caught.value.next_step


def test_the_session_bus_is_found_where_the_scheduler_names_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bus").touch()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    secrets.find_session()
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"] == f"unix:path={tmp_path}/bus"


def private(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o600)
    return str(path)


def test_a_file_of_variables_is_read_line_by_line(tmp_path: Path) -> None:
    text = "# remark\n\nA=1\nexport B = 'two words'\nC=\"x=y\"\nD=\nE='\n"
    found = secrets.env_file(private(tmp_path / "env", text))
    assert found == {"A": "1", "B": "two words", "C": "x=y", "D": "", "E": "'"}


@pytest.mark.parametrize("line", ["hunter2", "=hunter2", "A=hunter2\0"])
def test_a_broken_line_is_named_and_not_shown(tmp_path: Path, line: str) -> None:
    with pytest.raises(SecretError) as caught:
        secrets.env_file(private(tmp_path / "env", f"B=1\n{line}\n"))
    assert caught.value.where.endswith("env, line 2")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_of_variables_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = private(tmp_path / "env", "A=1")
    (tmp_path / "env").chmod(mode)
    with pytest.raises(SecretError, match="may be read by others") as caught:
        secrets.env_file(path)
    assert caught.value.next_step == f"Run: chmod 600 '{path}'"
