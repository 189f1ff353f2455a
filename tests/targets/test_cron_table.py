"""The user's crontab: ncp's block in it, and every other byte."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hosts import DEFAULT_HOME, LINUX, timing
from ncp import planning
from ncp.errors import SchedulerError
from ncp.model import Changes, Host, Observed, Output, Run, Timing
from ncp.targets.cron import TARGET
from ncp.targets.cron.deploy import EXACT

LIST = ("crontab", "-l")
NONE = Output(1, "", "no crontab for ann\n")
A = timing("0 9 * * *", id="a")
B = timing("0 10 * * *", id="b")
A_LATER = timing("0 11 * * *", id="a")
BEGIN, END = "# >>> ncp 1a2b3c4d >>>", "# <<< ncp 1a2b3c4d <<<"


def machine(table: str | None) -> Observed:
    """A machine with that crontab, or none."""
    return Observed(outputs={LIST: NONE if table is None else Output(0, table, "")})


def plan(observed: Observed, *timings: Timing, host: Host = LINUX) -> Changes:
    wanted = TARGET.wanted([TARGET.emit(each, host) for each in timings], host)
    return planning.plan(wanted, TARGET.found(observed, host))


def synced(table: str | None, *timings: Timing, host: Host = LINUX) -> str | None:
    """The crontab after a sync to these timings; None where there is none left."""
    observed = machine(table)
    steps = TARGET.deploy(plan(observed, *timings, host=host), observed, host)
    if not steps:
        return table
    (step,) = steps
    assert isinstance(step, Run)
    assert step.command.argv in {("crontab", "-"), ("crontab", "-r")}
    return step.command.stdin


def outside(table: str | None) -> str:
    """What is not ncp's, found without ncp's help."""
    assert table is not None
    before, _, rest = table.partition(f"{BEGIN}\n")
    return before + rest.partition(f"{END}\n")[2]


BLOCK_A = synced(None, A) or ""
BLOCK_AB = synced(None, A, B) or ""


def test_the_survey_reads_the_table_and_what_an_editor_would_get() -> None:
    survey = TARGET.survey(LINUX)
    assert survey.commands == (LIST,)
    assert survey.closer == ((LIST, "\\r", EXACT),)


def test_timings_share_one_block() -> None:
    words = [line.split()[0] for line in BLOCK_AB.splitlines()]
    assert words == ["#", "#", "@reboot", "#", "0", "#", "0", "#"]
    assert BLOCK_AB.splitlines()[0] == BEGIN
    assert BLOCK_AB.endswith(f"{END}\n")


@pytest.mark.parametrize(
    "table",
    [
        "0 1 * * * mine\n",
        "# comment\n\n\n  0 1 * * *\tmine   \n\n",
        "0 1 * * * mine\r\nMAILTO=ann\r\n",
        "PATH=/bin\nCRON_TZ=UTC\n0 1 * * * mine % x\n",
        "# a \x0c form feed, \x85 and \u2028 separators\n",
        "0 1 * * * bytes \udcff\udc80\n",
        "\n",
        "# >>> ncp deadbeef >>>\n0 9 * * * other home\n# <<< ncp deadbeef <<<\n",
        "# >>> ncp >>>\n# <<< ncp <<<\n",
        "# <<< ncp deadbeef <<< unmatched, but not ours\n# <<< ncp deadbeef <<<\n",
    ],
)
def test_what_is_outside_of_the_block_stays_byte_for_byte(table: str) -> None:
    added = synced(table, A, B)
    assert outside(added) == table
    changed = synced(added, A_LATER)
    assert outside(changed) == table
    assert synced(changed) == table


def test_a_missing_final_newline_is_added_once_and_stays() -> None:
    added = synced("0 1 * * * mine", A)
    assert outside(added) == "0 1 * * * mine\n"
    assert synced(added) == "0 1 * * * mine\n"


def test_where_only_the_block_was_no_table_is_left() -> None:
    observed = machine(BLOCK_A)
    (step,) = TARGET.deploy(plan(observed), observed, LINUX)
    assert isinstance(step, Run)
    assert step.command.argv == ("crontab", "-r")


def test_a_new_block_stands_above_lines_that_would_change_how_it_runs() -> None:
    added = synced("SHELL=/usr/bin/fish\nCRON_TZ=UTC\n", A)
    assert added is not None
    assert added.startswith(BEGIN)


def test_a_block_stays_where_the_user_has_moved_it() -> None:
    moved = f"0 1 * * * mine\n{BLOCK_A}0 2 * * * mine\n"
    assert synced(moved, A_LATER) == moved.replace("0 9 *", "0 11 *").replace("(0 9", "(0 11")


def test_nothing_to_change_is_no_step() -> None:
    assert TARGET.deploy(plan(machine(BLOCK_AB), A, B), machine(BLOCK_AB), LINUX) == ()


@pytest.mark.parametrize(
    "edited",
    [
        BLOCK_AB.replace("0 9 *", "30 9 *", 1),
        BLOCK_AB.replace("0 9 * * * /bin", "#0 9 * * * /bin"),
        BLOCK_AB.replace(f"{BEGIN}\n", f"{BEGIN}\n0 1 * * * stranger\n\n# remark\n"),
        BLOCK_AB.replace(f"{END}\n", f"# Written by ncp for nothing\n{END}\n"),
        BLOCK_AB.replace("\n", "\r\n"),
        BLOCK_AB.replace("_timing-run b", "_timing-run a"),
        BLOCK_AB.replace("0 9 * * * /bin", "70-5 9 * * * /bin"),
        BLOCK_AB.replace("/opt/n & c", "/somewhere else"),
        f"{BEGIN}\n{END}\n",
        f"{BEGIN}\n{END}",
    ],
)
def test_a_block_edited_by_hand_is_put_right(edited: str) -> None:
    assert synced(edited, A, B) == BLOCK_AB


def test_a_timing_of_several_lines_is_one_entry_that_comes_and_goes_whole() -> None:
    both = timing("0 9 * * * | 30 17 * * *", id="a")
    table = synced("MAILTO=x\n", both, B) or ""
    assert table.count("_timing-run a") == 2
    assert [entry.key for entry in TARGET.found(machine(table), LINUX)] == ["@reboot", "a", "b"]
    assert plan(machine(table), both, B).empty
    assert synced(table.replace("30 17 * * * /bin", "31 17 * * * /bin"), both, B) == table
    assert synced(table.replace("30 17 * * * /bin", "70-5 * * * * /bin"), both, B) == table
    assert synced(table, A, B) == synced("MAILTO=x\n", A, B)
    assert synced(table) == "MAILTO=x\n"


def test_one_line_catches_up_when_the_machine_has_started() -> None:
    (line,) = [line for line in BLOCK_AB.splitlines() if line.startswith("@")]
    assert line == r"@reboot /bin/sh '/opt/n & c/100'\%/ncp/bin/ncp _timing-run --missed"
    assert synced(BLOCK_AB.replace("--missed", "--miss"), A, B) == BLOCK_AB
    assert synced(BLOCK_AB.replace(f"{line}\n", ""), A, B) == BLOCK_AB
    assert synced(BLOCK_AB) is None


@pytest.mark.parametrize("cron", ["", "busybox", "bcron", "systemd-cron", "dcron", "mcron"])
def test_only_crons_that_take_it_get_a_line_that_others_end_at(cron: str) -> None:
    host = replace(LINUX, cron=cron)
    entries = TARGET.wanted([TARGET.emit(A, host)], host)
    assert [entry.key for entry in entries] == ["a"]


def test_lines_that_are_not_of_ncp_are_named_by_their_number() -> None:
    table = f"# mine\n{BEGIN}\n0 1 * * * stranger\n\n{END}\n"
    assert [entry.key for entry in TARGET.found(machine(table), LINUX)] == ["line 3", "line 4"]


@pytest.mark.parametrize(
    ("table", "line", "what"),
    [
        (f"{BEGIN}\n0 9 * * * x\n", 1, "does not end"),
        (f"0 1 * * * x\n{END}\n", 2, "does not begin"),
        (f"{BEGIN}\n{BEGIN}\n{END}\n", 2, "inside the one of line 1"),
        (f"{BEGIN}\n# >>> ncp >>>\n{END}\n", 2, "inside the one of line 1"),
        (f"{BEGIN}\n# <<< ncp >>>\n# <<< ncp deadbeef <<<\n{END}\n", 3, "inside the one of line 1"),
        (f"{BEGIN}\n{END}\n0 1 * * * x\n{BEGIN}\n{END}\n", 4, "second block"),
        (f"{BEGIN}\n{END}\n{END}\n", 3, "does not begin"),
        (f"\r\n{BEGIN} \r\n0 9 * * * x\n", 2, "does not end"),
    ],
)
def test_markers_that_do_not_pair_up_stop_everything(table: str, line: int, what: str) -> None:
    with pytest.raises(SchedulerError, match=what) as caught:
        TARGET.found(machine(table), LINUX)
    assert caught.value.where == f"crontab, line {line}"
    assert caught.value.next_step
    with pytest.raises(SchedulerError):
        TARGET.deploy(Changes(remove=TARGET.found(machine(BLOCK_A), LINUX)), machine(table), LINUX)


@pytest.mark.parametrize(
    "refusal",
    [
        Output(1, "", "You (ann) are not allowed to use this program (crontab)\n"),
        Output(1, "", "crontab: can't open your crontab: Permission denied\n"),
        Output(1, "", ""),
        Output(127, "", "crontab: not found"),
    ],
)
def test_a_table_that_cannot_be_read_is_never_written(refusal: Output) -> None:
    observed = Observed(outputs={LIST: refusal})
    with pytest.raises(SchedulerError) as caught:
        TARGET.found(observed, LINUX)
    assert (refusal.stderr.strip() or "nothing, with exit code 1") in caught.value.what
    with pytest.raises(SchedulerError):
        TARGET.deploy(Changes(add=TARGET.found(machine(BLOCK_A), LINUX)), observed, LINUX)
    assert not TARGET.available(observed, LINUX).usable


def test_a_machine_without_crontab_has_no_entries() -> None:
    assert TARGET.found(Observed(), replace(LINUX, tools=frozenset())) == ()
    assert TARGET.found(Observed(), LINUX) == ()


def test_two_homes_never_touch_each_others_block() -> None:
    both = synced(synced(None, A), A, B, host=DEFAULT_HOME)
    assert both is not None
    assert plan(machine(both), A).empty
    assert plan(machine(both), A, B, host=DEFAULT_HOME).empty
    assert synced(both, host=DEFAULT_HOME) == BLOCK_A
    assert synced(synced(both), host=DEFAULT_HOME) is None


@pytest.mark.parametrize(
    ("observed", "host", "usable", "reason"),
    [
        (machine(None), LINUX, True, "debian's cron runs"),
        (machine("x\n"), replace(LINUX, cron=""), True, "a cron daemon runs"),
        (
            machine(None),
            replace(LINUX, processes=frozenset({"sshd"})),
            False,
            "no cron daemon runs",
        ),
        (machine(None), replace(LINUX, system="darwin", processes=frozenset()), True, "runs"),
        (Observed(), replace(LINUX, tools=frozenset()), False, "there is no crontab on path"),
    ],
)
def test_cron_is_usable_with_a_crontab_and_a_daemon(
    observed: Observed, host: Host, usable: bool, reason: str
) -> None:
    got = TARGET.available(observed, host)
    assert got.usable is usable
    assert got.reason.lower().endswith(reason)


@pytest.mark.parametrize(
    ("table", "host", "level", "mend"),
    [
        (None, LINUX, "ok", ""),
        (BLOCK_A, LINUX, "ok", ""),
        (f"{BLOCK_A}SHELL=/bin/zsh\n", LINUX, "ok", ""),
        (f"# x\nCRON_TZ = UTC\nPATH=/bin\n{BLOCK_A}", LINUX, "warning", "crontab -e"),
        (f"SHELL=/bin/zsh\n{BLOCK_A}", LINUX, "warning", "crontab -e"),
        (f"{BEGIN}\n", LINUX, "error", "crontab -e"),
        (None, replace(LINUX, processes=frozenset()), "error", "sudo service cron start"),
        (None, replace(LINUX, tools=frozenset()), "error", "ncp schedule sync --target embedded"),
    ],
)
def test_the_doctor_names_the_command_that_mends(
    table: str | None, host: Host, level: str, mend: str
) -> None:
    (finding,) = TARGET.diagnose(machine(table), host)
    assert (finding.level, finding.mend) == (level, mend)


@pytest.mark.parametrize(
    ("edited", "kept"),
    [
        ("# mine\r\n0 1 * * * tr -d \\r\n", "# mine\r\n0 1 * * * tr -d \\r\n"),
        ("", "# mine\\r\n0 1 * * * tr -d \\r\n"),
        ("# another table\r\n", "# mine\\r\n0 1 * * * tr -d \\r\n"),
    ],
)
def test_carriage_returns_that_the_list_does_not_show_are_kept(edited: str, kept: str) -> None:
    outputs = {
        LIST: Output(0, "# mine\\r\n0 1 * * * tr -d \\r\n", ""),
        EXACT: Output(0, edited, "No modification made"),
    }
    observed = Observed(outputs=outputs)
    (step,) = TARGET.deploy(plan(observed, A), observed, LINUX)
    assert isinstance(step, Run)
    assert step.command.stdin == BLOCK_A + kept
