"""Crons other than Debian's: what their `crontab` says, and what they are given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hosts import LINUX, timing
from ncp import planning
from ncp.errors import SchedulerError
from ncp.model import Changes, Command, Observed, Output, Run
from ncp.targets.cron import TARGET

if TYPE_CHECKING:
    from ncp.model import Host

LIST = ("crontab", "-l")
A = timing("0 9 * * *", id="a")
NO_TABLE = {
    "vixie": Output(1, "", "no crontab for ann\n"),
    "cronie": Output(1, "", "no crontab for ann\n"),
    "busybox": Output(1, "", "crontab: can't open 'ann': No such file or directory\n"),
    "bcron": Output(111, "", "bcrontab: Fatal: Crontab does not exist\n"),
    "systemd-cron": Output(1, "", "no crontab for ann\n"),
    "dcron": Output(0, "", "crontab: no crontab for ann\n"),
    "mcron": Output(17, "", "crontab: No crontab for ann exists.\n"),
}
"""What each one's `crontab -l` answers a user without a table."""
CRONS = pytest.mark.parametrize("cron", NO_TABLE)


def of(cron: str) -> Host:
    return replace(LINUX, cron=cron)


def installed(table: Output, host: Host) -> Command:
    """The command that puts the timing `a` into that table."""
    observed = Observed(outputs={LIST: table})
    wanted = TARGET.wanted([TARGET.emit(A, host)], host)
    changes = planning.plan(wanted, TARGET.found(observed, host))
    (step,) = TARGET.deploy(changes, observed, host)
    assert isinstance(step, Run)
    return step.command


@CRONS
def test_a_user_without_a_table_gets_one(cron: str) -> None:
    command = installed(NO_TABLE[cron], of(cron))
    assert command.stdin is not None
    assert "0 9 * * * /bin/sh" in command.stdin


@CRONS
def test_only_lines_with_five_fields_go_to_a_daemon_that_may_end_at_others(cron: str) -> None:
    text = installed(NO_TABLE[cron], of(cron)).stdin or ""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    special = [line for line in lines if line.startswith("@")]
    assert len(lines) - len(special) == 1
    assert bool(special) is (cron in {"vixie", "cronie"})


def test_bcrons_crontab_gets_a_file_because_it_knows_no_dash() -> None:
    assert installed(NO_TABLE["bcron"], of("bcron")).argv == ("crontab", "/dev/stdin")
    load = TARGET.emit(A, of("bcron")).load[0].argv[-1]
    assert load.endswith("| crontab /dev/stdin")


def test_dcrons_table_is_deleted_by_its_own_option() -> None:
    host = of("dcron")
    table = installed(NO_TABLE["dcron"], host).stdin or ""
    observed = Observed(outputs={LIST: Output(0, table, "")})
    gone = Changes(remove=TARGET.found(observed, host))
    (step,) = TARGET.deploy(gone, observed, host)
    assert isinstance(step, Run)
    assert step.command == Command(("crontab", "-d"))


@pytest.mark.parametrize(
    "words",
    [
        "crontab: can't change directory to '/var/spool/cron/crontabs': No such file or directory",
        "crontab: can't open '/etc/crontabs/ann': No such file or directory",
        "crontab: can't open 'ann': Permission denied",
        "bcrontab: Fatal: Could not connect to server",
        "crontab: must be suid to work properly",
    ],
)
def test_trouble_is_never_taken_for_the_lack_of_a_table(words: str) -> None:
    observed = Observed(outputs={LIST: Output(1, "", words)})
    with pytest.raises(SchedulerError) as caught:
        TARGET.found(observed, of("busybox"))
    assert words in caught.value.what


@CRONS
def test_an_editor_is_asked_only_where_the_list_hides_bytes(cron: str) -> None:
    assert bool(TARGET.survey(of(cron)).closer) is (cron == "vixie")


@pytest.mark.parametrize(
    ("cron", "named"),
    [
        ("vixie", "Debian's cron"),
        ("cronie", "cronie"),
        ("busybox", "busybox crond"),
        ("bcron", "bcron"),
        ("dcron", "dcron"),
        ("", "a cron daemon"),
    ],
)
def test_the_doctor_names_the_daemon_and_says_how_to_start_it(cron: str, named: str) -> None:
    observed = Observed(outputs={LIST: NO_TABLE.get(cron, NO_TABLE["vixie"])})
    (fine,) = TARGET.diagnose(observed, of(cron))
    assert (fine.level, fine.message) == ("ok", f"The crontab can be read, and {named} runs.")
    (down,) = TARGET.diagnose(observed, replace(of(cron), processes=frozenset()))
    assert (down.level, down.message) == ("error", "No cron daemon runs.")
    assert down.mend.startswith("sudo ")


@pytest.mark.parametrize(("code", "level"), [(0, "ok"), (3, "error")])
def test_systemd_cron_has_no_process_so_its_units_are_asked(code: int, level: str) -> None:
    host = replace(of("systemd-cron"), processes=frozenset({"systemd"}))
    asked = ("systemctl", "is-active", "cron.target")
    assert asked in TARGET.survey(host).commands
    answers = {LIST: NO_TABLE["systemd-cron"], asked: Output(code, "", "")}
    (finding,) = TARGET.diagnose(Observed(outputs=answers), host)
    assert finding.level == level
    assert TARGET.available(Observed(outputs=answers), host).usable is (code == 0)


def test_an_mcron_without_crontab_is_no_place_for_entries() -> None:
    host = replace(of("mcron"), tools=frozenset(), processes=frozenset({"mcron"}))
    (finding,) = TARGET.diagnose(Observed(), host)
    assert (finding.level, finding.mend) == ("error", "ncp schedule sync --target embedded")
    assert "mcron" in finding.message
    assert TARGET.found(Observed(), host) == ()


def test_the_line_for_starts_stays_wanted_while_the_daemon_is_down() -> None:
    down = replace(LINUX, processes=frozenset())
    assert TARGET.wanted([TARGET.emit(A, down)], down) == TARGET.wanted(
        [TARGET.emit(A, LINUX)], LINUX
    )
