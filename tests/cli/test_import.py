"""`ncp schedule import`: seen before it happens, done once, said of each item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli.crontab import Crontab
from ncp.importing import readers

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Ncp

TABLE = "0 9 * * 1-5 /usr/bin/backup\n*/5 * * * * /usr/bin/poll --all\n61 * * * * /bin/never\n"


@pytest.fixture
def table(ncp: Ncp) -> Path:
    """A crontab of three lines, one of them bad."""
    file = ncp.user_home / "table"
    file.write_text(TABLE)
    return file


def test_an_import_shows_what_became_of_each_item_and_counts(ncp: Ncp, table: Path) -> None:
    said = ncp("schedule", "import", str(table))
    assert said.code == 2
    heading, first, second, third = said.out.splitlines()
    assert heading.split() == ["ITEM", "OUTCOME", "TASK", "TIMING", "ENTRY"]
    assert "/usr/bin/backup (line 1)" in first
    assert "weekdays-9am" in first
    assert "imported" in second
    assert "refused" in third
    assert "line 3" in said.err
    assert said.err.splitlines()[-1] == "2 imported, 0 already there, 1 refused."


def test_importing_twice_imports_nothing_new(ncp: Ncp, table: Path) -> None:
    ncp("schedule", "import", str(table))
    before = (ncp.home / "schedule.json").read_bytes()
    said = ncp("schedule", "import", str(table), "--json")
    assert said.partial["counts"] == {
        "imported": 0,
        "already there": 2,
        "updated": 0,
        "deleted": 0,
        "refused": 1,
        "reported": 0,
    }
    assert (ncp.home / "schedule.json").read_bytes() == before


def test_a_dry_run_says_the_same_and_writes_nothing(
    ncp: Ncp, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crontab = Crontab(ncp, monkeypatch)
    said = ncp("schedule", "import", str(table), "--dry-run", "--json")
    assert said.partial["dryRun"] is True
    assert said.partial["counts"]["imported"] == 2
    assert sorted(said.partial["added"]) == ["every-5min", "weekdays-9am"]
    assert (crontab.writes, (ncp.home / "schedule.json").exists()) == (0, False)
    shown = ncp("schedule", "import", str(table), "--dry-run").out
    assert shown.count("would be imported") == 2


def test_only_what_is_named_is_taken(ncp: Ncp, table: Path) -> None:
    said = ncp("schedule", "import", str(table), "--only", "/usr/bin/backup", "--json")
    assert [item["name"] for item in said.json["items"]] == ["/usr/bin/backup"]
    wrong = ncp("schedule", "import", str(table), "--only", "/usr/bin/backups")
    assert wrong.code == 3
    assert 'Did you mean "/usr/bin/backup"?' in wrong.err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--format", "crontabs"), '"crontabs" is not a format.'),
        ((), "It looks like none of: a schedule.json or export of ncp, a YAML file with"),
    ],
)
def test_what_is_no_format_is_refused(ncp: Ncp, words: tuple[str, ...], complaint: str) -> None:
    file = ncp.user_home / "letter"
    file.write_text("Dear Ann,\nall is well.\n")
    said = ncp("schedule", "import", str(file), *words)
    assert (said.code, said.out) == (2, "")
    assert complaint in said.err
    assert "crontab" in said.err.splitlines()[-1]
    assert not (ncp.home / "schedule.json").exists()


BAD: list[tuple[bytes, str]] = [
    (b"", "It is empty."),
    (b" \n\t", "It is empty."),
    (b"\0\0", "It is not a text"),
    (b"#" * (16 * 1024 * 1024 + 1), "It has more than 16 MB"),
]


@pytest.mark.parametrize(("data", "complaint"), BAD, ids=["empty", "blank", "binary", "huge"])
@pytest.mark.parametrize("kind", readers.NAMES)
def test_bad_input_of_each_format_is_refused_and_nothing_is_written(
    ncp: Ncp, kind: str, data: bytes, complaint: str
) -> None:
    file = ncp.user_home / "input"
    file.write_bytes(data)
    said = ncp("schedule", "import", str(file), "--format", kind)
    assert (said.code, said.out) == (2, "")
    first, *rest = said.err.splitlines()
    assert first.startswith(f"Error: {file}: {complaint}")
    assert rest
    assert [path.name for path in ncp.home.iterdir()] == ["config.toml"]


@pytest.mark.parametrize("kind", readers.NAMES)
def test_a_folder_or_nothing_instead_of_a_file_is_refused(ncp: Ncp, kind: str) -> None:
    for place, complaint in [(ncp.user_home, "It is a folder."), ("/no/such", "cannot be read")]:
        said = ncp("schedule", "import", str(place), "--format", kind)
        assert (said.code, said.out) == (2, "")
        assert complaint in said.err


def test_a_dry_run_in_a_home_that_is_not_there_makes_none(
    ncp: Ncp, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = ncp.user_home / "not yet"
    monkeypatch.setenv("NCP_HOME", str(home))
    said = ncp("schedule", "import", str(table), "--dry-run")
    assert said.code == 2
    assert not home.exists()


def test_an_invalid_zone_refuses_its_lines_alone(ncp: Ncp) -> None:
    file = ncp.user_home / "table"
    file.write_text("0 5 * * * a\nCRON_TZ=Nowhere/Here\n0 6 * * * b\n")
    said = ncp("schedule", "import", str(file), "--json")
    assert [item["outcome"] for item in said.partial["items"]] == ["imported", "refused"]
    assert "Nowhere/Here" in said.partial["items"][1]["reason"]
