"""Tasks installed, found, repaired and removed, against a fake schtasks on PATH."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hosts import LINUX, WINDOWS, timing
from ncp import planning
from ncp.errors import SchedulerError
from ncp.host import observe, perform
from ncp.model import Changes, Entry, Observed, Output
from ncp.targets.schtasks import TARGET
from ncp.targets.schtasks.compare import same, switched_off
from ncp.targets.schtasks.deploy import QUERY

if TYPE_CHECKING:
    from ncp.model import Host

FAKES = Path(__file__).parent.parent / "fakes"
NAME = r"\ncp-1a2b3c4d\t0"


class Windows:
    """A machine with a fake schtasks. The definitions lie in a POSIX folder here."""

    def __init__(self, folder: Path) -> None:
        self.host: Host = replace(WINDOWS, system="linux", home=str(folder / "n & c"))
        self.state = folder / "schtasks.json"
        self.definitions = folder / "n & c" / "tasks"

    def now(self) -> dict[str, Any]:
        known: dict[str, Any] = json.loads(self.state.read_text())
        return known

    def set(self, **values: object) -> None:
        self.state.write_text(json.dumps({**self.now(), **values}))

    def sync(self, *crons: str) -> Changes:
        """Bring the tasks to these expressions, and say what had to change."""
        timings = [timing(cron, id=f"t{n}") for n, cron in enumerate(crons)]
        wanted = TARGET.wanted([TARGET.emit(t, self.host) for t in timings], self.host)
        observed = observe(TARGET.survey(self.host))
        changes = planning.plan(wanted, TARGET.found(observed, self.host))
        perform(TARGET.deploy(changes, observed, self.host))
        return changes

    def edit(self, old: str, new: str) -> None:
        tasks = self.now()["tasks"]
        assert old in tasks[NAME]
        self.set(tasks={**tasks, NAME: tasks[NAME].replace(old, new, 1)})


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Windows:
    made = Windows(tmp_path)
    monkeypatch.setenv("PATH", f"{FAKES}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_SCHTASKS", str(made.state))
    return made


def test_tasks_are_written_as_utf_16_and_registered(windows: Windows) -> None:
    windows.sync("0 9 * * *", "*/5 9-17 13 * 5")
    assert list(windows.now()["tasks"]) == [NAME, r"\ncp-1a2b3c4d\t1"]
    assert (windows.definitions / "t0.xml").read_bytes().startswith(b"\xff\xfe<\0?\0")


@pytest.mark.parametrize("cron", ["0 9 * * *", "*/7 * * * *", "0 9 13 6 5L", "*/5 9-17 * * 1-5"])
def test_what_windows_rewrites_is_still_the_same_task(windows: Windows, cron: str) -> None:
    windows.sync(cron)
    windows.set(calls=[])
    assert windows.sync(cron).empty
    assert [call[0] for call in windows.now()["calls"]] == ["/Query"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("01T09:00:00", "01T10:00:00"),
        ("2020-01-01T09", "2090-01-01T09"),
        ("</StartBoundary>", "</StartBoundary><ExecutionTimeLimit>PT5M</ExecutionTimeLimit>"),
        ("<StopIfGoingOnBatteries>false", "<StopIfGoingOnBatteries>true"),
        ("_timing-run t0", "_timing-run t1"),
        ("<RunLevel>LeastPrivilege", "<RunLevel>HighestAvailable"),
        ("<ScheduleByDay>", "<RandomDelay>PT1H</RandomDelay><ScheduleByDay>"),
        ("01T09:00:00", "01T99:00:00"),
    ],
)
def test_an_edited_task_is_repaired(windows: Windows, old: str, new: str) -> None:
    windows.sync("0 9 * * *")
    before = windows.now()["tasks"][NAME]
    windows.edit(old, new)
    assert [entry.key for entry in windows.sync("0 9 * * *").change] == [NAME]
    assert windows.now()["tasks"][NAME] == before


def test_a_lost_definition_is_written_again(windows: Windows) -> None:
    windows.sync("0 9 * * *")
    (windows.definitions / "t0.xml").unlink()
    assert len(windows.sync("0 9 * * *").change) == 1
    assert windows.sync("0 9 * * *").empty


def test_a_disabled_task_is_a_warning_and_is_enabled_by_a_sync(windows: Windows) -> None:
    windows.sync("0 9 * * *")
    subprocess.run([FAKES / "schtasks", "/Change", "/TN", NAME, "/DISABLE"], check=True)
    observed = observe(TARGET.survey(windows.host))
    (entry,) = TARGET.found(observed, windows.host)
    assert not entry.loaded
    assert len(windows.sync("0 9 * * *").change) == 1
    assert windows.sync("0 9 * * *").empty


def test_a_gone_timing_takes_task_and_definition_with_it(windows: Windows) -> None:
    windows.sync("0 9 * * *", "0 10 * * *")
    assert [entry.key for entry in windows.sync("0 9 * * *").remove] == [r"\ncp-1a2b3c4d\t1"]
    assert list(windows.now()["tasks"]) == [NAME]
    assert [path.name for path in windows.definitions.iterdir()] == ["t0.xml"]


def test_homes_do_not_see_each_others_tasks(windows: Windows) -> None:
    windows.sync("0 9 * * *")
    default = replace(windows.host, tag="")
    assert TARGET.found(observe(TARGET.survey(default)), default) == ()


def test_a_refusal_carries_schtasks_own_words(windows: Windows) -> None:
    windows.sync()
    windows.set(refuse="The task image is corrupt or has been tampered with.")
    with pytest.raises(SchedulerError, match="task image is corrupt"):
        windows.sync("0 9 * * *")


def _listing(*tasks: str) -> Observed:
    return Observed(outputs={QUERY: Output(0, "\n".join(["<Tasks>", *tasks, "</Tasks>"]), "")})


def _found(*tasks: str) -> list[tuple[str, bool]]:
    return [(e.key, e.ours) for e in TARGET.found(_listing(*tasks), WINDOWS)]


OURS = "<Task><Arguments>x _timing-run t0</Arguments></Task>"


@pytest.mark.parametrize(
    ("task", "found"),
    [
        (f"<!-- {NAME} -->\r\r\n{OURS}", [(NAME, True)]),
        (f"<Task><URI>{NAME}</URI>Written by ncp for x</Task>", [(NAME, True)]),
        (f"<!-- {NAME} --><Task></Task>", [(NAME, False)]),
        (f"<!-- \\ncp\\t0 -->{OURS}", []),
        (f"<!-- {NAME}\\deeper -->{OURS}", []),
        (f"<!-- {NAME}.bak -->{OURS}", []),
        (OURS, []),
        (f"<!-- {NAME} -->{OURS}".replace("", "\0"), [(NAME, True)]),
    ],
)
def test_tasks_are_found_by_the_name_in_front_of_them(
    task: str, found: list[tuple[str, bool]]
) -> None:
    assert _found("<!-- \\Other --><Task>\udcff</Task>", task) == found


def test_a_text_that_is_no_task_is_another_one() -> None:
    assert not same("", "<Task></Task>")
    assert not switched_off("no xml")


def test_an_entry_keeps_what_somebody_else_registered() -> None:
    (entry,) = TARGET.found(_listing(f"<!-- {NAME} -->{OURS}"), WINDOWS)
    assert entry == Entry(NAME, OURS)


@pytest.mark.parametrize(
    ("host", "observed", "usable", "reason"),
    [
        (WINDOWS, _listing(), True, "logged on"),
        (WINDOWS, Observed(), False, "could not be started"),
        (
            WINDOWS,
            Observed(outputs={QUERY: Output(1, "", "ERROR: Access\ndenied.")}),
            False,
            "ERROR: Access denied.",
        ),
        (WINDOWS, Observed(outputs={QUERY: Output(5, "", "")}), False, "5"),
        (replace(WINDOWS, tools=frozenset()), _listing(), False, "not on PATH"),
        (LINUX, _listing(), False, "Windows"),
    ],
)
def test_task_scheduler_can_be_used_where_schtasks_answers(
    host: Host, observed: Observed, usable: bool, reason: str
) -> None:
    state = TARGET.available(observed, host)
    assert (state.usable, reason in state.reason) == (usable, True)
    assert [f.level for f in TARGET.diagnose(observed, host)] == ["ok" if usable else "error"]


def test_a_disabled_task_is_named_by_the_doctor() -> None:
    disabled = (
        f"<!-- {NAME} --><Task "
        'xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">'
        "<Settings><Enabled>false</Enabled></Settings></Task>"
    )
    (finding,) = TARGET.diagnose(_listing(disabled), WINDOWS)
    assert (finding.level, finding.subject) == ("warning", NAME)
    assert finding.mend == f'schtasks /Change /TN "{NAME}" /ENABLE'
