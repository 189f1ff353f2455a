"""A new target is a folder, its templates and one row of the registry: here is one, to show it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from architecture import Package, circles, misplaced, siblings
from machine import programs
from ncp.rendering import templates_folder
from test_layers import LAYERS, SOURCE

TESTS = Path(__file__).parent.parent
FOLDER = {
    "__init__.py": '''
"""toy: wakes every minute, from a folder of small files."""

from ncp.model import Availability, Finding, Remove, Survey, Write
from ncp.targets.toy import emit as files
from ncp.targets.toy.read import read as read_file


class Toy:
    name = "toy"
    emit = staticmethod(files.emit)
    wanted = staticmethod(files.wanted)
    read = staticmethod(read_file)

    def survey(self, host):
        return Survey(folders=((files.folder(host), f"{host.prefix}-*"),))

    def available(self, observed, host):
        return Availability(usable="toyctl" in host.tools, reason="toyctl is there, or not")

    def found(self, observed, host):
        return tuple(map(files.entry, observed.files, observed.files.values()))

    def deploy(self, changes, observed, host):
        written = (Write(files.file(entry)) for entry in (*changes.add, *changes.change))
        return (*written, *(Remove(entry.key) for entry in changes.remove))

    def idle(self, observed, host):
        return None

    def diagnose(self, observed, host):
        return (Finding("ok", "toy", "It wakes every minute."),)


TARGET = Toy()
''',
    "emit.py": '''
"""Timings to files."""

from ncp.model import Artifact, Entry, File
from ncp.rendering import render
from ncp.targets.contract import header


def folder(host):
    return f"{host.user_home}/.toy"


def emit(timing, host):
    text = render("toy.j2", header=header(timing), launcher=host.launcher, id=timing.id)
    path = f"{folder(host)}/{host.prefix}-{timing.id}"
    return Artifact("toy", timing, (File(path, text),))


def wanted(artifacts, host):
    return tuple(entry(file.path, file.text) for one in artifacts for file in one.files)


def entry(path, text):
    return Entry(path, text)


def file(entry):
    return File(entry.key, entry.text)
''',
    "read.py": '''
"""Files to wake-ups, without a look at how they are written."""

from ncp.errors import SchedulerError
from ncp.model import Rule
from ncp.targets.contract import Wakes


def read(artifact, host):
    (file,) = artifact.files
    if "wake: every minute\\n" not in file.text:
        raise SchedulerError("It never wakes.", where=file.path, next_step="Report this defect.")
    return (Wakes((Rule(None, None, None, None, None, follows="elapsed"),)),)
''',
}
TEMPLATE = "# {{ header }}\nwake: every minute\nrun: {{ launcher }} _timing-run {{ id }}\n"
LAST = '    "embedded": '
ROW = '    "toy": Listing("toys that wake every minute", ("toyctl",), ("linux",)),\n'


class Checkout:
    """The sources with one target more, and a machine that has its program."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "src" / "ncp"
        shutil.copytree(SOURCE, self.source, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(templates_folder(), folder / "templates")
        (self.source / "targets" / "toy").mkdir()
        for name, text in FOLDER.items():
            (self.source / "targets" / "toy" / name).write_text(text.lstrip())
        (folder / "templates" / "toy.j2").write_text(TEMPLATE)
        registry = self.source / "targets" / "__init__.py"
        before, last, after = registry.read_text().partition(LAST)
        registry.write_text(before + ROW + last + after)
        self.entries, self.tools = folder / "user" / ".toy", folder / "tools"
        (folder / "user").mkdir()
        self.tools.mkdir()
        self.environment = {
            "PATH": f"{self.tools}{os.pathsep}{programs()}",
            "HOME": str(folder / "user"),
            "NCP_HOME": str(folder / "home"),
            "TZ": "Europe/Berlin",
            "LANG": "C.UTF-8",
        }

    def add_tool(self) -> None:
        (self.tools / "toyctl").write_text("#!/bin/sh\n")
        (self.tools / "toyctl").chmod(0o755)

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(self.source.parent), str(TESTS)])
        environment = {**self.environment, "PYTHONPATH": path}
        argv = [sys.executable, *words]
        return subprocess.run(argv, env=environment, capture_output=True, text=True, check=False)

    def ncp(self, *words: str) -> str:
        done = self.python("-m", "ncp", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return Checkout(tmp_path_factory.mktemp("toy"))


def test_its_sources_keep_to_the_architecture(checkout: Checkout) -> None:
    package = Package(checkout.source)
    assert misplaced(package, LAYERS) == []
    assert circles(package) == []
    assert siblings(package, "targets", "read", "emit") == []


@pytest.mark.parametrize(
    ("cron", "exactness"), [("* * * * *", "exact"), ("0 9 * * 1-5", "guarded")]
)
def test_a_new_target_is_proven(checkout: Checkout, cron: str, exactness: str) -> None:
    found = json.loads(checkout.ncp("compile", cron, "--target", "toy", "--json"))
    assert (found["target"], found["exactness"]) == ("toy", exactness)
    assert found["proof"]["missed"] == 0
    assert found["files"][0]["path"].startswith(f"{checkout.entries}/ncp-")


def test_a_new_target_is_told_from_a_misspelt_one(checkout: Checkout) -> None:
    done = checkout.python("-m", "ncp", "compile", "0 9 * * *", "--target", "toys")
    assert done.returncode == 2
    assert "schtasks, cron, toy, embedded" in done.stderr


def test_tests_and_scripts_know_a_new_target_by_its_row(checkout: Checkout) -> None:
    done = checkout.python("-c", "import hosts; print(hosts.HOSTS['toy'].system)")
    assert done.stdout == "linux\n"
    (line,) = [
        line
        for line in (TESTS.parent / "scripts/quickstart").read_text().splitlines()
        if line.startswith("native=")
    ]
    done = checkout.python("-c", line.removeprefix("native='").removesuffix("'"))
    assert done.stdout == "systemd launchd schtasks cron toy\n"


def test_a_new_target_is_installed_shown_and_removed(checkout: Checkout) -> None:
    create = ("schedule", "create", "weekdays at 9am", "--target", "toy", "--", "true")
    done = checkout.python("-m", "ncp", *create)
    assert done.returncode == 4
    assert "This machine has no toyctl, with which toy is driven." in done.stderr
    checkout.add_tool()
    checkout.ncp(*create)
    (entry,) = checkout.entries.iterdir()
    assert entry.read_text().endswith("_timing-run weekdays-9am\n")
    assert "toy" in checkout.ncp("schedule", "explain", "weekdays at 9am")
    assert json.loads(checkout.ncp("schedule", "plan", "--json"))["add"] == []
    assert "It wakes every minute." in checkout.python("-m", "ncp", "doctor").stdout
    checkout.ncp("schedule", "sync", "--target", "embedded")
    assert list(checkout.entries.iterdir()) == []
    checkout.ncp("schedule", "sync", "--target", "toy")
    checkout.ncp("uninstall", "-y")
    assert list(checkout.entries.iterdir()) == []
