"""Crontabs come over: seen, run with what cron gave them, and commented out where they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.crontab import Crontab
from ncp.importing import deed

if TYPE_CHECKING:
    from cli.conftest import Ncp

ASSORTED = Path(__file__).parent.parent / "data/crontabs/assorted"
THEIRS = "# mine\nMAILTO=ann\n\n5 4 * * * /bin/true\n6-1 * * * * /bin/never\n@daily /bin/date\n"


@pytest.fixture
def crontab(ncp: Ncp, monkeypatch: pytest.MonkeyPatch) -> Crontab:
    """A crontab of three lines, one of which cron never runs."""
    crontab = Crontab(ncp, monkeypatch)
    crontab.table.write_text(THEIRS)
    return crontab


def undone(text: str) -> str:
    """Follow the words of the marker lines."""
    lines = [line for line in text.splitlines(keepends=True) if "Imported into ncp" not in line]
    return "".join(lines).replace("#ncp# ", "")


def without_block(text: str) -> str:
    _, found, rest = text.partition("# <<< ncp")
    return rest.partition("\n")[2] if found else text


def task_ids(ncp: Ncp) -> dict[str, str]:
    return {task["name"]: task["id"] for task in ncp("schedule", "list", "--json").json["tasks"]}


def test_the_own_crontab_comes_over_and_is_left_as_it_is(ncp: Ncp, crontab: Crontab) -> None:
    said = ncp("schedule", "import", "--from-crontab")
    assert said.code == 0
    assert said.err.splitlines()[-1] == "2 imported, 0 already there, 0 refused, 1 reported."
    assert 'line 5, "/bin/never": cron accepts this line and never runs it' in said.err
    assert without_block(crontab.text) == THEIRS
    assert len(crontab.lines) == 2


def test_imported_lines_alone_are_commented_out_with_the_way_back(
    ncp: Ncp, crontab: Crontab
) -> None:
    said = ncp("schedule", "import", "--from-crontab", "--disable-imported")
    assert said.err.splitlines()[-1] == "Commented out 2 lines in your crontab."
    true, date = (task_ids(ncp)[name] for name in ("/bin/true", "/bin/date"))
    assert without_block(crontab.text) == (
        "# mine\nMAILTO=ann\n\n"
        f"# Imported into ncp as task {true}. To undo: ncp schedule delete {true}, "
        'and remove "#ncp#" from the next line.\n'
        "#ncp# 5 4 * * * /bin/true\n"
        "6-1 * * * * /bin/never\n"
        f"# Imported into ncp as task {date}. To undo: ncp schedule delete {date}, "
        'and remove "#ncp#" from the next line.\n'
        "#ncp# @daily /bin/date\n"
    )
    assert undone(without_block(crontab.text)) == THEIRS


def test_after_that_a_second_import_finds_nothing_more_to_take(ncp: Ncp, crontab: Crontab) -> None:
    words = ("schedule", "import", "--from-crontab", "--disable-imported")
    ncp(*words)
    before = crontab.text
    said = ncp(*words)
    assert said.err.splitlines()[-2:] == [
        "0 imported, 0 already there, 0 refused, 1 reported.",
        "Commented out 0 lines in your crontab.",
    ]
    assert crontab.text == before


def test_lines_that_came_over_before_can_be_commented_out_later(ncp: Ncp, crontab: Crontab) -> None:
    ncp("schedule", "import", "--from-crontab")
    ncp("schedule", "pause", "/bin/date")
    said = ncp("schedule", "import", "--from-crontab", "--disable-imported")
    assert "0 imported, 2 already there" in said.err
    assert "#ncp# 5 4 * * * /bin/true\n" in crontab.text
    assert "\n@daily /bin/date\n" in crontab.text  # ncp does not run it: it is paused


def test_only_the_lines_that_were_asked_for_are_commented_out(ncp: Ncp, crontab: Crontab) -> None:
    ncp("schedule", "import", "--from-crontab", "--disable-imported", "--only", "/bin/date")
    assert [*task_ids(ncp)] == ["/bin/date"]
    assert "\n5 4 * * * /bin/true\n" in crontab.text
    assert "#ncp# @daily /bin/date\n" in crontab.text


def test_lines_below_a_block_that_stands_in_the_middle_are_the_right_ones(
    ncp: Ncp, crontab: Crontab
) -> None:
    ncp.create("hourly", name="mine")
    block = crontab.text.removesuffix(THEIRS)
    crontab.table.write_text(f"0 1 * * * a\n{block}0 2 * * * b\n0 3 * * * c\n")
    ncp("schedule", "import", "--from-crontab", "--disable-imported", "--only", "a", "--only", "c")
    assert crontab.text.startswith("# Imported into ncp as task ")
    assert undone(crontab.text).startswith("0 1 * * * a\n# >>> ncp")
    after = without_block(crontab.text)
    assert after.startswith("0 2 * * * b\n# Imported")
    assert after.endswith("#ncp# 0 3 * * * c\n")


def test_a_home_on_another_target_comments_out_lines_all_the_same(
    ncp: Ncp, crontab: Crontab
) -> None:
    (ncp.home / "config.toml").write_text('target = "embedded"\n')
    ncp("schedule", "import", "--from-crontab", "--disable-imported")
    assert crontab.lines == []
    assert crontab.text.count("#ncp# ") == 2
    assert undone(crontab.text) == THEIRS


def test_a_dry_run_says_which_lines_and_touches_none(ncp: Ncp, crontab: Crontab) -> None:
    said = ncp("schedule", "import", "--from-crontab", "--disable-imported", "--dry-run")
    assert said.err.splitlines()[-1] == "Lines that would be commented out: 4, 6."
    assert (crontab.text, crontab.writes) == (THEIRS, 0)


def test_where_the_crontab_refuses_nothing_is_imported(ncp: Ncp, crontab: Crontab) -> None:
    crontab.refuse()
    said = ncp("schedule", "import", "--from-crontab")
    assert (said.code, said.out) == (4, "")
    assert "you are not allowed to use this program" in said.err
    assert not (ncp.home / "schedule.json").exists()


def test_without_a_crontab_there_is_nothing_to_import(ncp: Ncp, crontab: Crontab) -> None:
    crontab.table.unlink()
    said = ncp("schedule", "import", "--from-crontab")
    assert said.code == 2
    assert "You have no crontab, or an empty one." in said.err


def test_without_the_program_the_file_is_to_be_named(ncp: Ncp, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tmp_path / "bin"))
        said = ncp("schedule", "import", "--from-crontab")
    assert said.code == 2
    assert "There is no crontab on PATH." in said.err


@pytest.mark.parametrize("words", [(), ("x", "--from-crontab")])
def test_one_source_is_to_be_named(ncp: Ncp, words: tuple[str, ...]) -> None:
    said = ncp("schedule", "import", *words)
    assert said.code == 2
    assert "Name one thing to read" in said.err


def test_lines_of_a_file_are_commented_out_in_it_and_its_mode_stays(ncp: Ncp) -> None:
    file = ncp.user_home / "table"
    theirs = b"# caf\xe9\r\n0 5 * * * echo \xff\n61 * * * * x\n0 6 * * * last"
    file.write_bytes(theirs)
    file.chmod(0o640)
    said = ncp("schedule", "import", str(file), "--disable-imported")
    assert said.err.splitlines()[-1] == f"Commented out 2 lines in {file}."
    text = file.read_bytes()
    lines = [line for line in text.split(b"\n") if b"Imported into ncp" not in line]
    assert b"\n".join(lines).replace(b"#ncp# ", b"") == theirs
    assert text.endswith(b"\n#ncp# 0 6 * * * last")
    assert b"\n61 * * * * x\n" in text
    assert file.stat().st_mode & 0o777 == 0o640


def test_standard_input_cannot_be_commented_out(ncp: Ncp) -> None:
    said = ncp("schedule", "import", "-", "--format", "crontab", "--disable-imported")
    assert said.code == 2


def test_a_file_that_changed_meanwhile_stays_and_the_next_run_finishes(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ncp.user_home / "table"
    file.write_text("0 5 * * * a\n")
    taken = deed.take

    def slow(*args: object, **options: object) -> object:
        file.write_text("0 5 * * * a\n0 6 * * * b\n")
        return taken(*args, **options)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(deed, "take", slow)
    said = ncp("schedule", "import", str(file), "--disable-imported")
    assert said.code == 4
    assert "was changed meanwhile: its lines still run too" in said.err
    assert "#ncp#" not in file.read_text()


def test_an_own_crontab_that_changed_meanwhile_stays_as_it_is(
    ncp: Ncp, crontab: Crontab, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = deed.take

    def slow(*args: object, **options: object) -> object:
        crontab.table.write_text(f"0 1 * * * new\n{THEIRS}")
        return taken(*args, **options)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(deed, "take", slow)
    said = ncp("schedule", "import", "--from-crontab", "--disable-imported")
    assert said.code == 4
    assert "the crontab was changed meanwhile" in said.err
    assert "#ncp#" not in crontab.text


def test_a_crontab_that_does_not_keep_what_is_written_is_an_error(
    ncp: Ncp, crontab: Crontab
) -> None:
    (ncp.home / "config.toml").write_text('target = "embedded"\n')
    program = crontab.folder / "bin" / "crontab"
    program.write_text(program.read_text().replace("cat >table", "cat >/dev/null"))
    said = ncp("schedule", "import", "--from-crontab", "--disable-imported")
    assert said.code == 4
    assert "its lines still run too" in said.err
    assert crontab.text == THEIRS


def test_the_assorted_crontab_comes_over_once_and_says_of_each_line(ncp: Ncp) -> None:
    said = ncp("schedule", "import", str(ASSORTED), "--json")
    assert said.partial["counts"] == {
        "imported": 32,
        "already there": 0,
        "updated": 0,
        "deleted": 0,
        "refused": 7,
        "reported": 4,
    }
    again = ncp("schedule", "import", str(ASSORTED), "--json")
    assert again.partial["counts"]["already there"] == 32
    assert len(json.loads((ncp.home / "schedule.json").read_text())["tasks"]) == 32


def test_an_exported_crontab_comes_back_with_its_names_and_times(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    ncp("schedule", "import", str(ASSORTED))
    before = names_and_timings(ncp)
    file = ncp.user_home / "exported"
    said = ncp("schedule", "export", "--format", "crontab")
    assert "runs without" not in said.err  # a second one beside the first is what cron does
    file.write_text(said.out)
    other = ncp.user_home / "other"
    other.mkdir(mode=0o700)
    (other / "config.toml").write_text('target = "embedded"\n')
    monkeypatch.setenv("NCP_HOME", str(other))
    ncp("schedule", "import", str(file))
    abroad = {pair for pair in before if "new-york" in pair[1]}
    assert len(abroad) == 2
    assert names_and_timings(ncp) == before - abroad


def names_and_timings(ncp: Ncp) -> set[tuple[str, str]]:
    tasks = ncp("schedule", "list", "--json").json["tasks"]
    return {(task["name"], task["timingId"]) for task in tasks}


RUNNING = r"""
A="quoted  value"
HOME={folder}
PATH=/usr/bin:/bin:/opt/mine
SHELL=/bin/bash
# What it reads
*/5 * * * * cat > read; pwd > where; echo "$A|$PATH|$SHELL|$HOME|$BASH" > env%one%100\% \\%two%
"""


def test_input_and_environment_arrive_in_the_running_command(ncp: Ncp) -> None:
    folder = ncp.user_home / "work"
    folder.mkdir()
    file = ncp.user_home / "table"
    file.write_text(RUNNING.format(folder=folder))
    assert ncp("schedule", "import", str(file)).code == 0
    assert ncp("schedule", "run", "What it reads").code == 0
    assert (folder / "read").read_text() == "one\n100% \\%two\n"
    assert (folder / "where").read_text() == f"{folder}\n"
    path = "/usr/bin:/bin:/opt/mine"
    assert (folder / "env").read_text() == (f"quoted  value|{path}|/bin/bash|{folder}|/bin/bash\n")


def test_a_line_gets_the_path_of_cron_and_not_of_who_imports_it(
    ncp: Ncp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"/opt/people:{ncp.environment['PATH']}")
    file = ncp.user_home / "table"
    file.write_text(f"*/5 * * * * echo $PATH > '{ncp.user_home}/path'\n")
    ncp("schedule", "import", str(file))
    (name,) = task_ids(ncp)
    assert ncp("schedule", "run", name).code == 0
    assert (ncp.user_home / "path").read_text() == "/usr/bin:/bin\n"
