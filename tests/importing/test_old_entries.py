"""What the OS holds of the old tool is found and taken away; everything else stays."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from hosts import MAC, WINDOWS
from ncp.migrating import entries
from ncp.migrating.entries import BEGIN, END

FAKES = Path(__file__).parent.parent / "fakes"
BLOCK = f"{BEGIN}\n# NCP_JOB: a\n1 1 * * * ncp _job-run a\n# NCP_JOB: b\n2 2 * * * x\n{END}\n"
TABLES = {
    "all": ("x\n" + BLOCK + "y", None, "x\ny", ["a", "b"]),
    "carriage returns of others": ("x\r\n" + BLOCK, None, "x\r\n", ["a", "b"]),
    "some": (
        BLOCK,
        {"b", "c"},
        f"{BEGIN}\n# NCP_JOB: a\n1 1 * * * ncp _job-run a\n{END}\n",
        ["b"],
    ),
    "the last of them": (BLOCK, {"a", "b"}, "", ["a", "b"]),
    "none": (BLOCK, {"c"}, BLOCK, []),
    "empty": (f"{BEGIN}\n{END}\nz\n", None, "z\n", []),
    "no block": ("x\n", None, "x\n", []),
    "no end": (BLOCK.replace(END, "#"), None, BLOCK.replace(END, "#"), []),
    "two": (BLOCK + "x\n" + BLOCK, None, "x\n", ["a", "b"] * 2),
    "one begins in another": (f"{BEGIN}\nx\n{BLOCK}", None, f"{BEGIN}\nx\n", ["a", "b"]),
    "the end first": (f"{END}\n{BEGIN}\n", None, f"{END}\n{BEGIN}\n", []),
}


@pytest.mark.parametrize(("text", "ids", "rest", "gone"), TABLES.values(), ids=TABLES)
def test_a_table_loses_the_jobs_that_are_meant_and_nothing_else(
    text: str, ids: set[str] | None, rest: str, gone: list[str]
) -> None:
    assert entries.without(text, ids) == (rest, gone)


def test_agents_are_booted_out_and_their_files_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = replace(MAC, user_home=str(tmp_path), tools=frozenset({"launchctl"}))
    agents = tmp_path / "Library" / "LaunchAgents"
    agents.mkdir(parents=True)
    labels = ("com.portel.ncp.job.a", "com.portel.ncp.job.__ncp_auto_catchup__", "com.portel.other")
    for label in labels:
        (agents / f"{label}.plist").write_text("x")
    monkeypatch.setenv("PATH", f"{FAKES}{os.pathsep}{os.environ['PATH']}")
    state = tmp_path / "launchctl.json"
    monkeypatch.setenv("FAKE_LAUNCHCTL", str(state))
    state.write_text(json.dumps({"loaded": [*labels]}))
    assert len(entries.found(host)[0]) == 2
    assert len(entries.remove(host)[0]) == 2
    assert [path.name for path in agents.iterdir()] == ["com.portel.other.plist"]
    assert json.loads(state.read_text())["loaded"] == ["com.portel.other"]


def test_windows_tasks_of_the_root_folder_are_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = replace(WINDOWS, system="linux", home=str(tmp_path))
    monkeypatch.setenv("PATH", f"{FAKES}{os.pathsep}{os.environ['PATH']}")
    state = tmp_path / "schtasks.json"
    monkeypatch.setenv("FAKE_SCHTASKS", str(state))
    names = (r"\NCP_a", r"\NCP___ncp_automatic_cleanup__", r"\ncp\NCP_b", r"\Other")
    state.write_text(json.dumps({"tasks": dict.fromkeys(names, "<Task></Task>")}))
    assert entries.found(host, {"a"})[0] == [r"\NCP_a"]
    assert len(entries.remove(host)[0]) == 2
    assert [*json.loads(state.read_text())["tasks"]] == [r"\ncp\NCP_b", r"\Other"]
