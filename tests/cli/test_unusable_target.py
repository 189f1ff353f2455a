"""A target that cannot be used keeps nobody from looking, moving or leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.crontab import Crontab

if TYPE_CHECKING:
    from cli.conftest import Ncp

LOOKS = (
    ("schedule", "list"),
    ("schedule", "get", "t"),
    ("schedule", "executions"),
    ("schedule", "stats"),
    ("schedule", "logs"),
    ("schedule", "explain", "t"),
    ("schedule", "export"),
    ("schedule", "next", "t"),
    (),
)


@pytest.fixture
def crontab(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> Crontab:
    return Crontab(ncp, monkeypatch)


def codes(ncp: Ncp) -> dict[str, int]:
    return {" ".join(words): ncp(*words).code for words in LOOKS}


def test_a_refused_first_change_leaves_a_home_that_goes_elsewhere(
    ncp: Ncp, crontab: Crontab
) -> None:
    (ncp.home / "config.toml").unlink()
    crontab.refuse()
    asked = ("schedule", "create", "hourly", "--name", "t", "--target")
    assert ncp(*asked, "cron", "--", "true").code == 4
    assert ncp(*asked, "embedded", "--", "true").code == 0
    assert set(codes(ncp).values()) == {0}
    assert ncp("doctor").code == 0
    assert ncp("uninstall", "-y").code == 0


def test_whoever_has_entries_in_a_table_that_cannot_be_read_can_look_at_all(
    ncp: Ncp, crontab: Crontab
) -> None:
    ncp.create("hourly", name="t")
    crontab.refuse()
    assert set(codes(ncp).values()) == {0}
    said = ncp("doctor")
    assert said.code == 4
    assert "not allowed" in said.out


def test_a_home_moves_away_from_a_table_that_cannot_be_read(ncp: Ncp, crontab: Crontab) -> None:
    ncp.create("hourly", name="t")
    crontab.refuse()
    said = ncp("schedule", "sync", "--target", "embedded")
    assert said.code == 0, said.err
    assert "left on cron" in said.err
    assert set(codes(ncp).values()) == {0}
    ncp.create("daily")
    crontab.allow()
    ncp("schedule", "sync")
    assert crontab.lines == []


def test_leaving_says_what_could_not_be_asked_and_can_be_tried_again(
    ncp: Ncp, crontab: Crontab
) -> None:
    ncp.create("hourly", name="t")
    crontab.refuse()
    said = ncp("uninstall", "-y")
    assert (said.code, len(crontab.lines)) == (4, 1)
    assert "cron: Entries may be left there" in said.err
    crontab.allow()
    assert ncp("uninstall", "-y").code == 0
    assert crontab.lines == []


def test_a_change_that_was_interrupted_waits_while_its_target_refuses(
    ncp: Ncp, crontab: Crontab
) -> None:
    ncp.create("hourly", name="t")
    with ncp.ledger() as book:
        book.execute("INSERT OR REPLACE INTO meta VALUES ('pending', '1')")
    crontab.refuse()
    assert set(codes(ncp).values()) == {0}
    assert ncp("schedule", "sync", "--target", "embedded").code == 0
    assert ncp("schedule", "list").err == ""
