"""A field of a task is one row: what follows from it, and what a new one touches."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from ncp.api import options
from ncp.fields import FIELDS, TASK
from ncp.model import Task

SOURCE = Path(__file__).parent.parent / "src" / "ncp"
TOY = {
    "model.py": (
        "    tags: tuple[str, ...] = ()\n",
        "    tags: tuple[str, ...] = ()\n    colour: str | None = None\n",
    ),
    "fields/task.py": (
        '    Field("timing_id", "text"',
        """    Field(
        "colour",
        "text",
        "what it is painted in",
        kinds.word("a colour", ("red", "blue")),
        ((values.one_of(("red", "blue")), 'is no colour. Write "red".'),),
        Option(("--colour",), "What to paint it in: red, blue.", "WORD"),
        "Painted",
        none="Take the paint off.",
    ),
    Field("timing_id", "text\"""",
    ),
}
"""All that a new field touches: the value, and its row."""


class Toy:
    """A copy of the source that has one more field, and a home of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        source, home = root / "src" / "ncp", root / "home"
        shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(SOURCE.parent.parent / "templates", root / "templates")
        for name, (before, after) in TOY.items():
            text = (source / name).read_text()
            assert text.count(before) == 1
            (source / name).write_text(text.replace(before, after))
        home.mkdir(mode=0o700)
        (home / "config.toml").write_text('target = "embedded"\n')
        self.document = home / "schedule.json"
        places = {"PYTHONPATH": str(source.parent), "HOME": str(root), "NCP_HOME": str(home)}
        self.env = os.environ | places

    def python(self, *argv: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, *argv]
        return subprocess.run(
            line, env=self.env, cwd=self.root, capture_output=True, text=True, check=False
        )

    def __call__(self, *argv: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "ncp", "schedule", *argv)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    return Toy(tmp_path_factory.mktemp("toy"))


def test_a_new_field_is_a_value_and_a_row(toy: Toy) -> None:
    made = toy("create", "hourly", "--name", "a", "--colour", "red", "--", "true")
    assert made.returncode == 0, made.stderr
    assert json.loads(toy("get", "a", "--json").stdout)["colour"] == "red"
    assert re.search(r"^Painted +red$", toy("get", "a").stdout, re.MULTILINE)
    assert "  colour: red → blue\n" in toy("update", "a", "--colour", "blue").stdout
    assert "  colour: blue → none\n" in toy("update", "a", "--no-colour").stdout
    for verb in ("create", "update"):
        text = " ".join(toy(verb, "--help").stdout.split())
        assert "--colour WORD What to paint it in: red, blue." in text
    assert "--no-colour Take the paint off." in text


def test_a_new_field_is_checked_wherever_it_comes_from(toy: Toy) -> None:
    refused = toy("create", "hourly", "--name", "b", "--colour", "green", "--", "true")
    assert refused.returncode == 2
    assert '--colour: "green" is no colour.\nWrite one of: red, blue.' in refused.stderr
    script = (
        "from ncp.api import Schedule; Schedule().create_task('hourly', ['true'], name='c', {})"
    )
    assert "is no colour" in toy.python("-c", script.format("colour='green'")).stderr
    assert toy.python("-c", script.format("colour='blue'")).returncode == 0
    assert json.loads(toy("get", "c", "--json").stdout)["colour"] == "blue"
    file = toy.root / "bad.yaml"
    file.write_text("tasks: [{name: d, cron: '@daily', command: ['true'], colour: green}]\n")
    assert "is no colour" in "".join(toy("apply", "bad.yaml", "--strict").stderr)


def test_a_new_field_is_applied_exported_and_in_both_schemas(toy: Toy) -> None:
    file = toy.root / "s.yaml"
    file.write_text("tasks: [{name: e, cron: '@daily', command: ['true'], colour: blue}]\n")
    assert toy("apply", "s.yaml").returncode == 0
    assert "colour: blue" in toy("export", "--format", "yaml").stdout
    assert '"colour": "blue"' in toy.document.read_text()
    for form in ("file", "schedule"):
        tree = json.loads(toy.python("-m", "ncp", "schema", form).stdout)
        assert "colour" in tree["$defs"]["task"]["properties"], form


def test_each_field_of_the_model_has_a_row_and_each_row_a_field() -> None:
    assert {row.name for row in TASK} == {field.name for field in fields(Task)}
    assert len({row.path for row in FIELDS}) == len(FIELDS)


def test_the_keywords_of_the_api_are_those_of_the_rows() -> None:
    assert {
        *options.TaskChanges.__annotations__,
        *options.TaskOptions.__annotations__,
    } == options.KNOWN


def test_what_is_shown_by_get_says_its_values_in_a_line() -> None:
    samples: dict[str, object] = {
        "retries": {"attempts": 1},
        "limits": {"memoryMb": 512, "nice": 5},
        "activeHours": {"start": "09:00", "end": "17:00", "days": ["mon", "fri"]},
        "after": [{"task": "a"}, {"task": "b", "outcome": "any"}],
        "tags": ["x", "y"],
        "timeoutSeconds": 0,
    }
    said = {row.key: row.said(samples[row.key]) for row in TASK if row.key in samples}
    assert said == {
        "retries": "1 more after failure or timeout, 30 s later",
        "limits": "512 MB of memory, nice 5",
        "activeHours": "mon,fri 09:00-17:00",
        "after": "a (success), b (any)",
        "tags": "x, y",
        "timeoutSeconds": "none",
    }
