"""What a sync of systemd timers looks at, and the calls it makes."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

from hosts import DEFAULT_HOME, LINUX, timing
from ncp import planning
from ncp.errors import SchedulerError
from ncp.model import (
    Changes,
    Host,
    Link,
    Manager,
    Observed,
    Output,
    Remove,
    Run,
    Step,
    Timing,
    Write,
)
from ncp.targets.systemd import TARGET

UNITS = "/home/ann/.config/systemd/user"
STATE = ("systemctl", "--user", "is-system-running")
LIST = (
    *("systemctl", "--user", "list-units", "--all", "--full", "--plain", "--no-legend"),
    "ncp-1a2b3c4d-*.timer",
)
WANTING = f"{UNITS}/timers.target.wants"
LINGER = ("loginctl", "show-user", "ann", "--property=Linger")
LINGER_FILE = "/var/lib/systemd/linger/ann"
RUNNING = Output(0, "running\n", "")
NO_BUS = Output(1, "", "Failed to connect to bus: No such file or directory")
A = timing("0 9 * * *", id="a")
B = timing("0 10 * * *", id="b")
A_LATER = timing("0 11 * * *", id="a")


def unit(timing_id: str, words: str = "loaded active waiting") -> str:
    """What `systemctl list-units` says of a timer that is in use."""
    return f"ncp-1a2b3c4d-{timing_id}.timer {words} ncp timing {timing_id}\n"


def link(timing_id: str) -> str:
    return f"{WANTING}/ncp-1a2b3c4d-{timing_id}.timer"


def installed(*timings: Timing, said: str | None = None, state: Output = RUNNING) -> Observed:
    """A machine where these timings are installed and in use."""
    entries = TARGET.wanted([TARGET.emit(each, LINUX) for each in timings], LINUX)
    used = "".join(unit(each.id) for each in timings)
    links = frozenset(link(each.id) for each in timings)
    return Observed(
        files={entry.key: entry.text for entry in entries},
        links=links,
        changed=dict.fromkeys(links, 7) | {entry.key: 7 for entry in entries},
        outputs={
            STATE: state,
            LIST: Output(0, used if said is None else said, ""),
            LINGER: Output(0, "Linger=yes\n", ""),
        },
        paths=frozenset({LINGER_FILE}),
    )


def without_file(observed: Observed, timing_id: str) -> Observed:
    """The same machine after the timer's file was removed by hand."""
    gone = f"{UNITS}/ncp-1a2b3c4d-{timing_id}.timer"
    return replace(observed, files={k: v for k, v in observed.files.items() if k != gone})


def plan(observed: Observed, *timings: Timing) -> Changes:
    wanted = TARGET.wanted([TARGET.emit(each, LINUX) for each in timings], LINUX)
    return planning.plan(wanted, TARGET.found(observed, LINUX))


def steps(observed: Observed, *timings: Timing) -> list[str]:
    """The steps of a sync to these timings, one line each, file names without folders."""
    return [line(step) for step in TARGET.deploy(plan(observed, *timings), observed, LINUX)]


def line(step: Step) -> str:
    if isinstance(step, Write):
        return "write " + short(step.file.path)
    if isinstance(step, Link):
        return f"link {short(step.path)} to {short(step.goal)}"
    if isinstance(step, Remove):
        return "remove " + short(step.path)
    words = shlex.join(step.command.argv).removeprefix("systemctl --user ")
    return words.replace("ncp-1a2b3c4d", "") + (" ?" if step.advice else "")


def short(path: str) -> str:
    return path.removeprefix(f"{UNITS}/").replace("ncp-1a2b3c4d", "")


def test_the_survey_looks_at_the_units_the_manager_and_lingering() -> None:
    survey = TARGET.survey(LINUX)
    assert survey.folders == (
        (UNITS, "ncp-1a2b3c4d@.service"),
        (UNITS, "ncp-1a2b3c4d-*.timer"),
        (UNITS, "ncp-1a2b3c4d-*.timer.d/*.conf"),
        ("/etc/systemd/user", "ncp-1a2b3c4d-*.timer.d/*.conf"),
        ("/run/user/1000/systemd/user", "ncp-1a2b3c4d-*.timer.d/*.conf"),
    )
    assert survey.links == ((WANTING, "ncp-1a2b3c4d-*.timer"),)
    assert survey.commands == (STATE, LIST, LINGER)
    assert survey.paths == (LINGER_FILE,)


def test_a_crash_between_any_two_steps_leaves_a_timer_that_is_seen_as_not_installed() -> None:
    """The link of what is active is made after its restart, and never before the reload."""
    kinds = [step.split()[0] for step in steps(installed(A), A_LATER, B)]
    assert kinds == ["write", "write", "link", "daemon-reload", "start", "restart", "link"]


SERVICE = f"{UNITS}/ncp-1a2b3c4d@.service"


def test_a_service_edited_by_hand_is_written_again_and_a_link_says_that_it_was_read() -> None:
    """No timer is started anew for it."""
    observed = installed(A, B)
    old = replace(observed, files={**observed.files, SERVICE: "# Written by ncp, once\n"})
    again = "link timers.target.wants/-a.timer to -a.timer"
    assert steps(old, A, B) == ["write @.service", "daemon-reload", again]


@pytest.mark.parametrize(("later", "written"), [(6, False), (7, False), (8, True)])
def test_a_service_that_was_written_after_all_links_may_not_have_been_read(
    later: int, written: bool
) -> None:
    observed = installed(A, B)
    observed = replace(observed, changed={**observed.changed, SERVICE: later})
    assert (steps(observed, A, B)[:2] == ["write @.service", "daemon-reload"]) is written


def test_the_links_of_another_home_say_nothing_of_a_service() -> None:
    """All timers of tagged homes bear the beginning of the default home's names."""
    found = TARGET.found(
        Observed(
            files={f"{UNITS}/ncp@.service": "# Written by ncp\n"},
            links=frozenset({f"{WANTING}/ncp-a.timer", link("b")}),
            changed={
                f"{UNITS}/ncp@.service": 8,
                f"{WANTING}/ncp-a.timer": 7,
                link("b"): 9,
            },
        ),
        DEFAULT_HOME,
    )
    (service,) = [entry for entry in found if entry.key.endswith("@.service")]
    assert not service.loaded


REPAIRED = [
    "write -a.timer",
    "daemon-reload",
    "restart -a.timer",
    "link timers.target.wants/-a.timer to -a.timer",
]


def test_timings_are_added_with_one_reload_and_one_start() -> None:
    assert steps(installed(), A, B) == [
        "write -a.timer",
        "write -b.timer",
        "write @.service",
        "link timers.target.wants/-a.timer to -a.timer",
        "link timers.target.wants/-b.timer to -b.timer",
        "daemon-reload",
        "start -a.timer -b.timer",
    ]


def test_a_changed_timer_is_restarted_so_that_its_new_calendar_counts() -> None:
    assert steps(installed(A, B), A_LATER, B) == REPAIRED


def test_removed_timers_are_stopped_and_forgotten_before_their_files_go() -> None:
    assert steps(installed(A, B)) == [
        "stop -a.timer -b.timer",
        "clean --what=state -a.timer -b.timer ?",
        "remove timers.target.wants/-a.timer",
        "remove timers.target.wants/-b.timer",
        "remove -a.timer",
        "remove -b.timer",
        "remove @.service",
        "daemon-reload",
    ]


def test_the_service_stays_while_a_timer_is_left() -> None:
    assert "remove @.service" not in steps(installed(A, B), A)


def test_nothing_to_change_is_no_step_at_all() -> None:
    assert steps(installed(A, B), A, B) == []


@pytest.mark.parametrize(
    "words",
    ["loaded inactive dead", "loaded failed failed", "masked active waiting", "not-found active x"],
)
def test_a_timer_that_systemd_does_not_use_is_repaired(words: str) -> None:
    assert steps(installed(A, said=unit("a", words)), A) == REPAIRED


def test_a_timer_that_the_manager_does_not_know_is_started() -> None:
    write, reload, _, link_it = REPAIRED
    assert steps(installed(A, said="\n"), A) == [write, link_it, reload, "start -a.timer"]


def test_a_timer_that_would_not_start_after_a_reboot_is_repaired() -> None:
    assert steps(replace(installed(A), links=frozenset()), A) == REPAIRED


@pytest.mark.parametrize(("later", "expected"), [(6, []), (7, []), (8, REPAIRED)])
def test_a_file_that_was_changed_after_its_link_may_not_be_what_was_loaded(
    later: int, expected: list[str]
) -> None:
    observed = installed(A)
    changed = {**observed.changed, f"{UNITS}/ncp-1a2b3c4d-a.timer": later}
    assert steps(replace(observed, changed=changed), A) == expected


def test_a_timer_whose_file_was_removed_comes_back_and_counts_anew() -> None:
    assert steps(without_file(installed(A), "a"), A) == REPAIRED


def test_of_a_timer_whose_file_was_removed_nothing_stays() -> None:
    assert steps(without_file(installed(A, B), "a"), B) == [
        "stop -a.timer",
        "remove timers.target.wants/-a.timer",
        "remove -a.timer",
        "daemon-reload",
    ]


def test_what_the_manager_has_forgotten_is_not_stopped() -> None:
    left = without_file(installed(A, B, said=unit("b")), "a")
    assert steps(left, B) == [
        "remove timers.target.wants/-a.timer",
        "remove -a.timer",
        "daemon-reload",
    ]


def test_a_link_that_may_be_another_homes_is_left_alone() -> None:
    left = Observed(links=frozenset({link("a")}))
    assert [entry.ours for entry in TARGET.found(left, DEFAULT_HOME)] == [False]
    assert [entry.ours for entry in TARGET.found(left, LINUX)] == [True]


def test_a_manager_that_says_nothing_uses_no_timer() -> None:
    observed = installed(A)
    silent = replace(observed, outputs={STATE: RUNNING})
    assert [entry.loaded for entry in TARGET.found(silent, LINUX)] == [False, True]


def test_without_a_manager_a_removal_still_takes_the_files_away() -> None:
    assert steps(installed(A, said="", state=NO_BUS)) == [
        "remove timers.target.wants/-a.timer",
        "remove -a.timer",
        "remove @.service",
    ]


def test_lingering_is_switched_on_where_it_is_off() -> None:
    observed = replace(installed(), paths=frozenset())
    outputs = {**observed.outputs, LINGER: Output(0, "Linger=no\n", "")}
    last = steps(replace(observed, outputs=outputs), A)[-1]
    assert last == "loginctl enable-linger ?"


def test_only_units_of_this_home_are_found() -> None:
    observed = installed(A)
    others = TARGET.wanted([TARGET.emit(B, DEFAULT_HOME)], DEFAULT_HOME)
    strangers = {
        **{entry.key: entry.text for entry in others},
        f"{UNITS}/ncp-1a2b3c4d-Upper.timer": "x",
        f"{UNITS}/ncp-1a2b3c4d-a.timer.d/ncp-1a2b3c4d-b.timer": "x",
        "/etc/systemd/user/ncp-1a2b3c4d-b.timer": "x",
    }
    with_strangers = replace(observed, files={**observed.files, **strangers})
    assert TARGET.found(with_strangers, LINUX) == TARGET.found(observed, LINUX)


def test_another_homes_timers_are_seen_by_the_default_home_but_left_alone() -> None:
    entries = TARGET.found(installed(A), DEFAULT_HOME)
    assert [entry.ours for entry in entries] == [False]
    assert planning.plan((), entries).empty


def availability(host: Host = LINUX, **answers: Output) -> tuple[bool, str]:
    outputs = {STATE: answers.get("state", RUNNING), LINGER: answers.get("linger", NO_BUS)}
    got = TARGET.available(Observed(outputs=outputs), host)
    return got.usable, got.reason


@pytest.mark.parametrize(
    ("state", "linger", "usable", "reason"),
    [
        (RUNNING, Output(0, "Linger=yes\n", ""), True, "lingering is on"),
        (Output(1, "degraded\n", ""), Output(0, "Linger=yes\n", ""), True, "lingering is on"),
        (Output(1, "starting\n", ""), Output(0, "Linger=no\n", ""), True, "can be switched on"),
        (RUNNING, Output(1, "", "User ID 1000 is not logged in or lingering"), True, "can be"),
        (RUNNING, NO_BUS, False, "lingering is off and loginctl cannot switch it on"),
        (NO_BUS, NO_BUS, False, "Failed to connect to bus: No such file or directory"),
        (Output(1, "", "Failed to connect to bus: No medium found"), NO_BUS, False, "No medium"),
        (Output(1, "offline\n", ""), NO_BUS, False, "no user manager answers (offline)"),
        (Output(127, "", ""), NO_BUS, False, "systemctl says nothing"),
    ],
)
def test_systemd_is_usable_where_a_manager_answers_and_lingers(
    state: Output, linger: Output, usable: bool, reason: str
) -> None:
    got = availability(state=state, linger=linger)
    assert got[0] is usable
    assert reason in got[1]


def test_systemd_is_not_usable_without_its_tools() -> None:
    assert availability(replace(LINUX, tools=frozenset())) == (False, "there is no systemctl")
    without_loginctl = replace(LINUX, tools=frozenset({"systemctl"}))
    assert not availability(without_loginctl, linger=Output(0, "Linger=no\n", ""))[0]
    assert not TARGET.available(Observed(), LINUX).usable
    assert not TARGET.available(Observed(outputs={STATE: RUNNING}), LINUX).usable


def test_a_linger_file_is_enough_where_logind_does_not_answer() -> None:
    observed = Observed(outputs={STATE: RUNNING}, paths=frozenset({LINGER_FILE}))
    assert TARGET.available(observed, LINUX).usable


@pytest.mark.parametrize(
    ("observed", "host", "subject", "mend"),
    [
        (installed(A), LINUX, "lingering", ""),
        (Observed(outputs={STATE: RUNNING}), LINUX, "lingering", "loginctl enable-linger"),
        (
            Observed(),
            replace(LINUX, tools=frozenset()),
            "systemd",
            "ncp schedule sync --target cron",
        ),
        (Observed(outputs={STATE: NO_BUS}), LINUX, "systemd", "ncp schedule sync --target cron"),
        (
            Observed(outputs={STATE: Output(1, "offline\n", "")}),
            LINUX,
            "systemd",
            "ncp schedule sync --target cron",
        ),
        (
            Observed(outputs={STATE: Output(1, "", "Failed to connect to bus: No medium found")}),
            LINUX,
            "systemd",
            "export XDG_RUNTIME_DIR=/run/user/1000",
        ),
    ],
)
def test_the_doctor_names_the_command_that_mends(
    observed: Observed, host: Host, subject: str, mend: str
) -> None:
    last = TARGET.diagnose(observed, host)[-1]
    assert (last.subject, last.mend) == (subject, mend)
    assert (last.level == "ok") is (mend == "")


def test_a_manager_that_looks_elsewhere_is_not_given_units() -> None:
    host = replace(LINUX, manager=Manager("/run/user/1000", "/else where"))
    wanted = TARGET.wanted([TARGET.emit(A, host)], host)
    changes = planning.plan(wanted, TARGET.found(installed(), host))
    mend = "XDG_CONFIG_HOME='/else where' ncp schedule sync --adopt"
    with pytest.raises(SchedulerError, match="looks for units in /else where") as caught:
        TARGET.deploy(changes, installed(), host)
    assert caught.value.next_step == f"Run: {mend}"
    assert [found.mend for found in TARGET.diagnose(installed(), host)] == [mend]
    assert TARGET.deploy(planning.plan([], TARGET.found(installed(A), host)), installed(A), host)


NO_MEDIUM = Output(1, "", "Failed to connect to bus: No medium found")
MANAGER = Manager("/run/user/1000", LINUX.config_home)


@pytest.mark.parametrize(
    ("host", "state", "mend"),
    [
        (LINUX, NO_MEDIUM, "export XDG_RUNTIME_DIR=/run/user/1000"),
        (
            replace(LINUX, manager=Manager("/tmp/a b", "")),
            NO_MEDIUM,
            "export XDG_RUNTIME_DIR='/tmp/a b'",
        ),
        (
            replace(LINUX, runtime_dir="/run/user/0"),
            NO_BUS,
            "export XDG_RUNTIME_DIR=/run/user/1000",
        ),
        (replace(LINUX, manager=MANAGER), NO_BUS, "export XDG_RUNTIME_DIR=/run/user/1000"),
        (
            replace(LINUX, manager=MANAGER, runtime_dir="/run/user/1000"),
            NO_BUS,
            "systemctl --user is-system-running",
        ),
        (
            replace(LINUX, manager=MANAGER, tools=frozenset()),
            Output(127, "", ""),
            'export PATH="$PATH:/usr/bin:/bin"',
        ),
    ],
)
def test_no_file_of_a_timer_goes_while_its_manager_cannot_be_told(
    host: Host, state: Output, mend: str
) -> None:
    observed = installed(A, said="", state=state)
    changes = planning.plan([], TARGET.found(observed, host))
    with pytest.raises(SchedulerError, match="stay armed") as caught:
        TARGET.deploy(changes, observed, host)
    assert caught.value.next_step == f"Run: {mend}"
    if "systemctl" in host.tools:
        assert TARGET.diagnose(observed, host)[0].mend == mend


@pytest.mark.parametrize(
    ("host", "state"),
    [
        (LINUX, Output(1, "offline\n", "")),
        (replace(LINUX, runtime_dir="/run/user/1000"), NO_BUS),
        (replace(LINUX, tools=frozenset()), Output(127, "", "")),
    ],
)
def test_where_no_manager_runs_the_files_are_all_there_is_of_a_timer(
    host: Host, state: Output
) -> None:
    observed = installed(A, said="", state=state)
    changes = planning.plan([], TARGET.found(observed, host))
    assert any(isinstance(step, Remove) for step in TARGET.deploy(changes, observed, host))


@pytest.mark.parametrize(
    ("manager", "words", "found"),
    [
        (MANAGER, "loaded active waiting", True),
        (MANAGER, "not-found failed failed", False),
        (Manager("/run/user/1000", "/elsewhere"), "loaded active waiting", False),
        (None, "loaded active waiting", False),
    ],
)
def test_a_timer_that_is_armed_without_its_file_is_an_entry_to_stop(
    manager: Manager | None, words: str, found: bool
) -> None:
    host, observed = replace(LINUX, manager=manager), installed(said=unit("a", words))
    changes = planning.plan([], TARGET.found(observed, host))
    runs = [
        step.command.argv
        for step in TARGET.deploy(changes, observed, host)
        if isinstance(step, Run)
    ]
    assert (("systemctl", "--user", "stop", "ncp-1a2b3c4d-a.timer") in runs) is found


def test_a_drop_in_is_left_alone_and_told_with_the_way_back() -> None:
    timer, folder = "ncp-1a2b3c4d-a.timer", "/etc/systemd/user"
    observed = installed(A)
    path = f"{folder}/{timer}.d/x.conf"
    observed = replace(observed, files={**observed.files, path: "[Timer]\n"})
    assert steps(observed, A) == []
    (found,) = (one for one in TARGET.diagnose(observed, LINUX) if one.level == "warning")
    assert found.message == f"{timer} is changed by {path}."
    assert found.mend == f"systemctl --user revert {timer}"
