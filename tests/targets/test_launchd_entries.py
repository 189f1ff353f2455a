"""Agents installed, found, repaired and removed, against a fake launchctl on PATH."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hosts import LINUX, MAC, timing
from ncp import planning
from ncp.errors import SchedulerError
from ncp.host import observe, perform
from ncp.model import Changes, Entry, Observed, Output, Remove, Run
from ncp.targets.launchd import TARGET

if TYPE_CHECKING:
    from ncp.model import Host

FAKES = Path(__file__).parent.parent / "fakes"
LABEL = "io.ncp-scheduler.1a2b3c4d.weekdays-9am"
LISTED = ("launchctl", "list")


class Mac:
    """A Mac with a fake launchctl, whose state tests may set and ask for."""

    def __init__(self, folder: Path) -> None:
        self.host: Host = replace(MAC, user_home=str(folder / "ann"))
        self.state = folder / "launchctl.json"
        self.agents = folder / "ann" / "Library" / "LaunchAgents"

    def set(self, **values: object) -> None:
        self.state.write_text(json.dumps({**self.now(), **values}))

    def now(self) -> dict[str, Any]:
        known: dict[str, Any] = json.loads(self.state.read_text()) if self.state.exists() else {}
        return known

    def sync(self, *crons: str) -> Changes:
        """Bring the agents to these expressions, and say what had to change."""
        timings = [timing(cron, id=f"t{n}") for n, cron in enumerate(crons)]
        wanted = TARGET.wanted([TARGET.emit(t, self.host) for t in timings], self.host)
        observed = observe(TARGET.survey(self.host))
        changes = planning.plan(wanted, TARGET.found(observed, self.host))
        perform(TARGET.deploy(changes, observed, self.host))
        return changes

    def found(self) -> tuple[Entry, ...]:
        return TARGET.found(observe(TARGET.survey(self.host)), self.host)


@pytest.fixture
def mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mac:
    made = Mac(tmp_path)
    monkeypatch.setenv("PATH", f"{FAKES}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_LAUNCHCTL", str(made.state))
    return made


def _labels(*ids: str) -> list[str]:
    return [f"io.ncp-scheduler.1a2b3c4d.{i}" for i in ids]


def test_agents_are_written_and_loaded(mac: Mac) -> None:
    mac.sync("0 9 * * *", "0 10 * * *")
    assert mac.now()["loaded"] == _labels("t0", "t1")
    assert sorted(p.stem for p in mac.agents.iterdir()) == _labels("t0", "t1")


def test_a_second_sync_changes_nothing_and_calls_nothing_that_writes(mac: Mac) -> None:
    mac.sync("0 9 * * *")
    mac.set(calls=[])
    assert mac.sync("0 9 * * *").empty
    assert {call[0] for call in mac.now()["calls"]} <= {"list", "print", "print-disabled"}


def test_an_edited_agent_is_repaired(mac: Mac) -> None:
    mac.sync("0 9 * * *")
    file = mac.agents / f"{_labels('t0')[0]}.plist"
    file.write_text(file.read_text().replace(">9<", ">10<"))
    assert [entry.key for entry in mac.sync("0 9 * * *").change] == [str(file)]
    assert ">9<" in file.read_text()


@pytest.mark.parametrize("slowness", [0, 1, 3])
def test_replacing_waits_until_the_old_job_is_gone(mac: Mac, slowness: int) -> None:
    mac.sync("0 9 * * *")
    mac.set(slowness=slowness)
    assert len(mac.sync("0 10 * * *").change) == 1
    assert mac.now()["loaded"] == _labels("t0")


def test_an_agent_that_is_not_loaded_is_loaded_again(mac: Mac) -> None:
    mac.sync("0 9 * * *")
    mac.set(loaded=[])
    assert not mac.found()[0].loaded
    mac.sync("0 9 * * *")
    assert mac.now()["loaded"] == _labels("t0")


def test_a_disabled_label_is_enabled_before_it_is_loaded(mac: Mac) -> None:
    mac.set(disabled=_labels("t0"))
    mac.sync("0 9 * * *")
    assert mac.now()["loaded"] == _labels("t0")


def test_an_agent_still_loaded_without_its_file_is_replaced(mac: Mac) -> None:
    mac.sync("0 9 * * *")
    (mac.agents / f"{_labels('t0')[0]}.plist").unlink()
    assert len(mac.sync("0 9 * * *").add) == 1
    assert mac.now()["loaded"] == _labels("t0")


def test_a_gone_timing_loses_its_file_before_its_runner_may_be_ended(mac: Mac) -> None:
    mac.sync("0 9 * * *")
    entry = mac.found()[0]
    steps = TARGET.deploy(Changes(remove=(entry,)), Observed(), mac.host)
    assert [type(step) for step in steps] == [Remove, Run, Run]
    mac.sync()
    assert mac.now()["loaded"] == []
    assert not list(mac.agents.iterdir())


def test_entries_can_be_removed_while_nobody_is_logged_in(mac: Mac) -> None:
    mac.sync("0 9 * * *")
    mac.set(gui=False, loaded=[])
    mac.sync()
    assert not list(mac.agents.iterdir())


def test_installing_while_nobody_is_logged_in_says_so(
    mac: Mac, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    mac.set(gui=False)
    with pytest.raises(SchedulerError, match="125"):
        mac.sync("0 9 * * *")


def test_homes_and_other_programs_do_not_see_each_others_agents(mac: Mac) -> None:
    mac.sync("0 9 * * *")
    (mac.agents / "com.example.other.plist").write_text("<plist/>")
    default = replace(mac.host, tag="", home="/Users/ann/.ncp/scheduler")
    assert TARGET.found(observe(TARGET.survey(default)), default) == ()
    assert [Path(entry.key).stem for entry in mac.found()] == _labels("t0")


def test_a_stranger_at_our_name_is_not_ours(mac: Mac) -> None:
    mac.agents.mkdir(parents=True)
    (mac.agents / f"{_labels('t0')[0]}.plist").write_text("<plist><dict/></plist>")
    assert [entry.ours for entry in mac.found()] == [False]
    with pytest.raises(SchedulerError, match="did not write"):
        mac.sync("0 9 * * *")


@pytest.mark.parametrize("answer", [None, Output(1, "", "Could not connect"), Output(4, "", "")])
def test_a_launchctl_that_does_not_list_its_jobs_is_not_trusted(answer: Output | None) -> None:
    path = f"/Users/ann/Library/LaunchAgents/{LABEL}.plist"
    outputs: dict[tuple[str, ...], Output] = {} if answer is None else {LISTED: answer}
    with pytest.raises(SchedulerError, match="did not list"):
        TARGET.found(Observed(files={path: "x"}, outputs=outputs), MAC)


def test_the_columns_of_launchctl_list_are_not_confused() -> None:
    path = f"/Users/ann/Library/LaunchAgents/{LABEL}.plist"
    rows = f"PID\tStatus\tLabel\n{LABEL}\t0\tcom.x\nbroken\n-\t-15\tcom.y"
    observed = Observed(files={path: "x"}, outputs={LISTED: Output(0, rows, "")})
    assert not TARGET.found(observed, MAC)[0].loaded


def _session(code: int, disabled: str = "") -> Observed:
    return Observed(
        outputs={
            ("launchctl", "print", "gui/501"): Output(code, "", ""),
            ("launchctl", "print-disabled", "gui/501"): Output(0, disabled, ""),
        }
    )


@pytest.mark.parametrize(
    ("host", "observed", "usable", "reason"),
    [
        (MAC, _session(0), True, "login session"),
        (MAC, _session(125), False, "not logged in"),
        (MAC, Observed(), False, "not logged in"),
        (replace(MAC, tools=frozenset()), _session(0), False, "not on PATH"),
        (LINUX, _session(0), False, "macOS"),
    ],
)
def test_launchd_can_be_used_in_a_login_session_on_a_mac(
    host: Host, observed: Observed, usable: bool, reason: str
) -> None:
    state = TARGET.available(observed, host)
    assert (state.usable, reason in state.reason) == (usable, True)
    findings = TARGET.diagnose(observed, host)
    assert [finding.level for finding in findings] == ["ok" if usable else "error"]


def test_no_session_is_mended_by_logging_in() -> None:
    assert "log in" in TARGET.diagnose(_session(125), MAC)[0].mend
    assert TARGET.diagnose(Observed(), MAC)[0].mend == ""


@pytest.mark.parametrize("word", ["disabled", "true"])
def test_an_agent_switched_off_in_login_items_is_a_warning(word: str) -> None:
    text = f'disabled services = {{\n\t"{LABEL}" => {word}\n\t"com.x" => {word}\n}}'
    (finding,) = TARGET.diagnose(_session(0, text), MAC)
    assert (finding.level, finding.subject) == ("warning", LABEL)
    assert finding.mend == f"launchctl enable gui/501/{LABEL} && ncp schedule sync"


@pytest.mark.parametrize("word", ["enabled", "false"])
def test_an_agent_switched_on_is_fine(word: str) -> None:
    assert TARGET.diagnose(_session(0, f'"{LABEL}" => {word}'), MAC)[0].level == "ok"
