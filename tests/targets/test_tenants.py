"""Whose entries stand in the user's folder and table."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hosts import DEFAULT_HOME, LINUX, MAC, WINDOWS, timing
from ncp.model import Host, Observed, Output, Tenant
from ncp.targets import cron, launchd, schtasks, systemd
from ncp.targets.cron import homes as tables
from ncp.targets.cron import table
from ncp.targets.launchd import homes as agents
from ncp.targets.schtasks import homes as registered
from ncp.targets.systemd import homes as folders

HOSTILE = replace(LINUX, home="/x/\"q\" \\ 100% $HOME 's' ü\udcff", tag="00ff00ff")
A, B = timing("0 9 * * *", id="a"), timing("0 9 * * 1#2", id="b")


def units(host: Host, *ids: str) -> dict[str, str]:
    chosen = [one for one in (A, B) if one.id in ids]
    entries = systemd.TARGET.wanted([systemd.TARGET.emit(one, host) for one in chosen], host)
    return {entry.key: entry.text for entry in entries}


def test_each_home_in_the_folder_has_its_timers_and_its_launcher() -> None:
    theirs = {"/home/ann/.config/systemd/user/ncp-mine.timer": "[Timer]\nUnit=mine.service\n"}
    files = {**units(DEFAULT_HOME, "a"), **units(HOSTILE, "a", "b"), **theirs}
    folder = "/home/ann/.config/systemd/user"
    assert folders.tenants(Observed(files=files)) == (
        Tenant(
            "00ff00ff",
            HOSTILE.launcher,
            (f"{folder}/ncp-00ff00ff-a.timer", f"{folder}/ncp-00ff00ff-b.timer"),
        ),
        Tenant("", DEFAULT_HOME.launcher, (f"{folder}/ncp-a.timer",)),
    )


@pytest.mark.parametrize("text", ["[Service]\nExecStart=/bin/true\n", "# Written by ncp\n", ""])
def test_a_service_of_somebody_else_is_no_home(text: str) -> None:
    assert folders.tenants(Observed(files={"/f/ncp@.service": text})) == ()


def test_the_folder_is_looked_at_for_all_homes() -> None:
    folder = "/home/ann/.config/systemd/user"
    wanted = ((folder, "ncp*@.service"), (folder, "ncp*.timer"))
    assert folders.survey(LINUX).folders == wanted


def lines(host: Host, *ids: str) -> str:
    chosen = [one for one in (A, B) if one.id in ids]
    entries = cron.TARGET.wanted([cron.TARGET.emit(one, host) for one in chosen], host)
    return table.block([entry.text for entry in entries], host)


def listed(text: str) -> Observed:
    return Observed(outputs={("crontab", "-l"): Output(0, text, "")})


def test_each_block_of_the_table_has_its_lines_and_its_launcher() -> None:
    hostile = replace(HOSTILE, home=HOSTILE.home.replace("\udcff", ""))
    text = f"0 1 * * * mine\n{lines(hostile, 'a', 'b')}{lines(DEFAULT_HOME, 'a')}@daily theirs\n"
    assert tables.tenants(listed(text)) == (
        Tenant("00ff00ff", hostile.launcher, ("@reboot", "a", "b")),
        Tenant("", DEFAULT_HOME.launcher, ("@reboot", "a")),
    )


@pytest.mark.parametrize(
    "text",
    [
        "# >>> ncp >>>\n0 9 * * * /bin/sh 'open _timing-run a\n# <<< ncp <<<\n",
        "# >>> ncp >>>\n0 9 * * * /bin/sh a b _timing-run a\n# <<< ncp <<<\n",
        "# >>> ncp >>>\n# by hand\n# <<< ncp <<<\n0 9 * * * /bin/sh x/bin/ncp _timing-run a\n",
        "",
    ],
)
def test_what_no_home_wrote_is_nobodys(text: str) -> None:
    assert tables.tenants(listed(text)) == ()
    assert tables.tenants(Observed()) == ()


def plists(host: Host, *ids: str) -> dict[str, str]:
    chosen = [one for one in (A, B) if one.id in ids]
    entries = launchd.TARGET.wanted([launchd.TARGET.emit(one, host) for one in chosen], host)
    return {entry.key: entry.text for entry in entries}


def test_each_home_among_the_agents_has_its_own_and_its_launcher() -> None:
    default = replace(MAC, home="/Users/ann/.ncp/scheduler", tag="")
    odd = replace(MAC, home="/Users/ann/<a & b> 'c'", tag="00ff00ff")
    folder = f"{MAC.user_home}/Library/LaunchAgents"
    theirs = {f"{folder}/io.ncp-scheduler.mine.plist": "<plist/>", f"{folder}/com.x.plist": "<a/>"}
    seen = {**plists(odd, "a", "b"), **plists(default, "a"), **theirs}
    assert agents.tenants(Observed(files=seen)) == (
        Tenant(
            "00ff00ff",
            odd.launcher,
            (
                f"{folder}/io.ncp-scheduler.00ff00ff.a.plist",
                f"{folder}/io.ncp-scheduler.00ff00ff.b.plist",
            ),
        ),
        Tenant("", default.launcher, (f"{folder}/io.ncp-scheduler.a.plist",)),
    )
    assert agents.survey(MAC).folders == ((folder, "io.ncp-scheduler.*.plist"),)


def queried(host: Host, *ids: str) -> str:
    r"""What `schtasks /Query /XML ONE` prints: each definition behind its name as a comment."""
    chosen = [one for one in (A, B) if one.id in ids]
    entries = schtasks.TARGET.wanted([schtasks.TARGET.emit(one, host) for one in chosen], host)
    bare = (entry.text.partition("?>")[2].strip() for entry in entries)
    names = (entry.key for entry in entries)
    return "".join(f"<!-- {name} -->\n{text}\n" for name, text in zip(names, bare, strict=True))


def test_each_home_in_task_scheduler_has_its_tasks_and_its_launcher() -> None:
    default = replace(WINDOWS, home="C:\\Users\\ann\\.ncp\\scheduler", tag="")
    odd = replace(WINDOWS, home="C:\\Users\\a & b 'c' 100%", tag="00ff00ff")
    theirs = "<!-- \\ncp\\mine -->\n<Task><Actions/></Task>\n<!-- \\X\\y -->\n<Task></Task>\n"
    listing = f"<Tasks>{queried(odd, 'a', 'b')}{theirs}{queried(default, 'a')}</Tasks>"
    query = ("schtasks", "/Query", "/XML", "ONE")
    assert registered.tenants(Observed(outputs={query: Output(0, listing, "")})) == (
        Tenant("00ff00ff", odd.launcher, ("\\ncp-00ff00ff\\a", "\\ncp-00ff00ff\\b")),
        Tenant("", default.launcher, ("\\ncp\\a",)),
    )
    assert registered.survey(WINDOWS).commands == (query,)


def test_tasks_that_cannot_be_listed_are_nobodys() -> None:
    assert registered.tenants(Observed()) == ()
