"""The crontab reader: what each line becomes, or why it becomes nothing."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from hosts import LINUX
from ncp.cron import calendar, expression
from ncp.importing import known
from ncp.importing.crontab.comments import MARKER
from ncp.importing.crontab.variables import variable
from ncp.importing.readers import crontab
from ncp.intake.items import Found, Item, Options
from ncp.intake.opening import Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

ASSORTED = Path(__file__).parent.parent / "data/crontabs/assorted"
MACROS = {
    "@yearly": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@hourly": "0 * * * *",
}
ODD = {42: "0 0 * * 1", 43: "0 * * * *"}
"""Lines of the fixture that cron reads in a way of its own; tried on the real one."""


def read(text: str, *, path: str = "", user_column: bool | None = None, user: str = "ann") -> Found:
    opened = Opened("crontab", path, text.encode(errors="surrogateescape"))
    return crontab.read(opened, Options(replace(LINUX, user=user), "crontab", path, user_column))


def only(text: str, **options: Any) -> Item:
    (item,) = read(text, **options).items
    return item


def values(text: str) -> Any:
    return read(text).items[-1].values


def assorted() -> dict[int, Item]:
    return {item.line: item for item in read(ASSORTED.read_text()).items}


def imported() -> Iterator[Item]:
    return (item for item in assorted().values() if not (item.refusal or item.report))


@pytest.mark.parametrize("item", [*imported()], ids=lambda item: f"line {item.line}")
def test_the_next_20_slots_of_each_imported_line_are_those_of_cronsim(item: Item) -> None:
    words = ASSORTED.read_text().split("\n")[item.line - 1].split()
    fields = MACROS.get(words[0]) or " ".join(words[:5])
    zone = item.timezone or "Europe/Berlin"
    start = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo(zone))
    witness = CronSim(ODD.get(item.line, fields), start)
    assert isinstance(item.schedule, str)
    ours = calendar.following(expression.parse(item.schedule), zone, start, 20)
    assert [slot.timestamp() for slot in ours] == [next(witness).timestamp() for _ in range(20)]


def test_all_lines_of_the_fixture_are_accounted_for() -> None:
    items = assorted()
    reported = {line for line, item in items.items() if item.report}
    refused = {line for line, item in items.items() if item.refusal}
    assert len(items) == 43
    assert reported == {27, 44, 45, 46}
    assert refused == {47, 48, 49, 50, 51, 52, 64}


def test_names_in_the_fixture_are_stable_and_differ() -> None:
    names = [item.name for item in assorted().values()]
    assert len({*names}) == len(names)
    assert len({item.origin for item in imported()}) == len([*imported()])
    assert names[:6] == [
        "tar -zcf /var/backups/home.tgz /home/",
        "Nightly backup",
        "Reports",
        "/usr/bin/poll",
        "/usr/bin/poll (2)",
        "/usr/bin/hourly",
    ]


def test_a_line_becomes_a_task_with_the_meaning_that_cron_gives_it() -> None:
    item = only("30 2 * * 1-5 /usr/bin/backup --all > /dev/null\n")
    assert (item.schedule, item.timezone, item.place) == ("30 2 * * 1-5", None, "line 1")
    assert item.values == {
        "command": ("/usr/bin/backup --all > /dev/null",),
        "shell": True,
        "stdin": None,
        "description": None,
        "timeout_seconds": 0,
        "overlap": "allow",
        "catchup_missed": False,
        "working_directory": "/home/ann",
        "captured_environment": {"PATH": "/usr/bin:/bin"},
        "environment": {},
    }


VARIABLES = [
    ("A=b", {"A": "b"}),
    ("  A = b c ", {"A": "b c"}),
    ('A="  b  "', {"A": "  b"}),
    ("A='b'  ", {"A": "b"}),
    ('A=""', {"A": ""}),
    ('"A"=b', {"A": "b"}),
    ("'A B'=b", {"A B": "b"}),
    ('A=b"c"', {"A": 'b"c"'}),
    ("A=b # c", {"A": "b # c"}),
    ("A=$HOME/x", {"A": "$HOME/x"}),
    ("A=b\r", {"A": "b"}),
    ("A=1\nA=2", {"A": "2"}),
    ("LOGNAME=mallory", {}),
    ("=x", {}),
]


@pytest.mark.parametrize(("lines", "expected"), VARIABLES)
def test_a_variable_is_read_as_cron_reads_it(lines: str, expected: dict[str, str]) -> None:
    assert values(f"{lines}\n* * * * * true\n")["environment"] == expected


@pytest.mark.parametrize("line", ["NAME=", 'A="b" c', 'A="b', "A B=c", 'A="b"c'])
def test_what_is_no_variable_for_cron_is_refused_as_a_line(line: str) -> None:
    assert "neither NAME=VALUE" in str(only(f"{line}\n").refusal)


def test_a_variable_counts_for_the_lines_below_it_only() -> None:
    items = read("* * * * * a\nX=1\n* * * * * b\nX=2\n* * * * * c\n").items
    assert [item.values["environment"] for item in items] == [{}, {"X": "1"}, {"X": "2"}]


@pytest.mark.parametrize("name", ["LOGNAME", ""])
def test_a_variable_that_cron_does_not_take_is_left_out_and_said(name: str) -> None:
    notes = read(f"{name}=x\n* * * * * true\n").notes
    assert notes[0].startswith(f'Line 1: the variable "{name}" was left out')


def test_home_is_where_a_line_runs_and_another_shell_runs_it() -> None:
    found = values("HOME=/srv\nSHELL=/bin/bash\n* * * * * echo $BASH\n")
    assert found["working_directory"] == "/srv"
    assert found["command"] == ("/bin/bash", "-c", "echo $BASH")
    assert "shell" not in found
    assert found["environment"] == {"HOME": "/srv", "SHELL": "/bin/bash"}


def test_a_home_that_is_no_folder_is_said_and_not_where_it_runs() -> None:
    item = only("HOME=/nowhere/at/all\n* * * * * x\n")
    assert item.values["working_directory"] == "/home/ann"
    assert item.values["environment"] == {"HOME": "/nowhere/at/all"}
    assert item.warnings == ("HOME=/nowhere/at/all is no folder; it will run in /home/ann.",)


def test_the_plain_shell_stays_a_text_for_the_shell() -> None:
    found = values("SHELL=/bin/sh\n* * * * * echo\n")
    assert (found["command"], found["shell"]) == (("echo",), True)


def test_cron_tz_is_a_zone_from_there_on_and_tz_only_a_variable() -> None:
    items = read(
        "TZ=Asia/Tokyo\n0 9 * * * a\nCRON_TZ=:America/New_York\n0 9 * * * b\n"
        'CRON_TZ=""\n0 9 * * * c\n'
    ).items
    assert [item.timezone for item in items] == [None, "America/New_York", None]
    assert items[1].values["environment"]["CRON_TZ"] == ":America/New_York"
    assert items[0].values["environment"] == {"TZ": "Asia/Tokyo"}


def test_what_cron_tz_and_mailto_do_not_do_is_said_once() -> None:
    notes = read("MAILTO=ann\nCRON_TZ=UTC\n0 9 * * * a\n0 9 * * * b\n").notes
    assert [note[:7] for note in notes] == ["Line 1:", "Line 2:"]
    assert "--on-failure" in notes[0]
    assert "Debian's cron does not know it" in notes[1]


def test_an_empty_mailto_is_nothing_to_speak_of() -> None:
    assert read('MAILTO=""\n0 9 * * * a\n').notes == ()


def test_a_variable_that_ncp_would_take_for_a_secret_is_refused() -> None:
    item = only("KEY=file:/etc/passwd\n* * * * * true\n")
    assert str(item.refusal).startswith("KEY would be a reference to a secret")


PERCENT = [
    ("cat%one%two", "cat", "one\ntwo\n"),
    (r"cat%one%two\%x%three\\%four%end", "cat", "one\ntwo%x\nthree\\%four\nend\n"),
    ("cat%%last%%", "cat", "\nlast\n\n"),
    ("cat%tail\\", "cat", "tail\\\n"),
    ("cat%", "cat", None),
    ("cat", "cat", None),
    (r"date +\%Y", "date +%Y", None),
    (r"printf 'a\\b' 'x\y' 'z\\\%w'", r"printf 'a\b' 'x\y' 'z\%w'", None),
    (r"echo c\\%d", "echo c\\", "d\n"),
    ("echo c\\", "echo c\\", None),
]
"""Measured on Debian's cron 3.0pl1."""


@pytest.mark.parametrize(("text", "command", "stdin"), PERCENT)
def test_a_percent_ends_the_command_and_begins_its_input(
    text: str, command: str, stdin: str | None
) -> None:
    found = values(f"* * * * * {text}\n")
    assert (found["command"], found["stdin"]) == ((command,), stdin)


NAMES = [
    ("# Nightly backup", "Nightly backup", None),
    ("#### Backups ####", "Backups", None),
    ("# One\n#   two.", "One", "One two."),
    (f"# Back\n{MARKER}6f1c. To undo: x", "Back", None),
    ("# Far away\n", "x", None),
    ("# m h  dom mon dow   command", "x", None),
    ("# 0 5 * * * /usr/bin/off", "x", None),
    ("# min hour day month weekday command", "x", None),
    ("# Minute Hour Day-of-Month Month Day-of-Week Command", "x", None),
    ("# minute (0-59), hour (0-23), day (1-31)", "x", None),
    ("# ┌───────────── minute (0 - 59)\n# │ ┌───────── hour (0 - 23)\n# │ │", "x", None),
    ("# .---------------- minute (0 - 59)\n# |  .------------- hour (0 - 23)\n# |", "x", None),
    ("# * * * * * user-name  command to be executed", "x", None),
    ("# * * * * *", "x", None),
    ("# mm hh dd mt wd  command", "x", None),
    ("# Every hour of the day of this month", "Every hour of the day of this month", None),
    ("# Run the job at 8 in the morning", "Run the job at 8 in the morning", None),
    ("#@daily /usr/bin/off", "x", None),
    ("#PATH=/bin", "x", None),
    ("# -------", "x", None),
    ("# Kept\n# -------\n# Title", "Title", None),
    ("# Name\nA=b", "x", None),
    ("#ncp# 0 5 * * * y", "x", None),
    (f"# {'long ' * 20}", f"{('long ' * 20)[:59]}…", ("long " * 20).strip()),
]


@pytest.mark.parametrize(("above", "name", "description"), NAMES)
def test_a_comment_directly_above_a_line_names_it(
    above: str, name: str, description: str | None
) -> None:
    item = only(f"{above}\n0 5 * * * x\n")
    assert (item.name, item.values["description"]) == (name, description)


def test_lines_of_one_name_are_numbered_and_identical_ones_are_told_apart() -> None:
    items = read("# A\n1 * * * * x\n# A\n2 * * * * y\n3 * * * * z\n3 * * * * z\n").items
    assert [item.name for item in items] == ["A", "A (2)", "z", "z (2)"]
    assert [item.origin for item in items[2:]] == ["crontab:3 * * * * z", "crontab:3 * * * * z #2"]


def test_the_origin_of_a_line_does_not_depend_on_where_it_stands() -> None:
    first = only("0  5 * *\t* x  y\n").origin
    second = read("1 * * * * z\n\n# Title\n0 5 * * * x  y\n").items[1].origin
    assert first == second == "crontab:0 5 * * * x  y"


def test_a_line_under_other_variables_is_another_job() -> None:
    line = "0 5 * * * x\n"
    tables = (line, f"HOME=/a\n{line}", f"HOME=/b\n{line}", f"PATH=/b\n{line}", f"A=1\n{line}")
    assert len({known.key(only(table)) for table in tables}) == len(tables)
    one, other = (only(f"A=1\nB=2\n{line}"), only(f"B=2\n\nA=0\nA=1\n{line}"))
    assert known.key(one) == known.key(other)
    assert known.key(only(tables[1], path="/x")) == known.key(only(tables[1], path="/y"))


REFUSED = [
    ("60 * * * * x", "60 is a bad minute."),
    ("* 24 * * * x", "24 is a bad hour."),
    ("* * 0 * * x", "0 is a bad day-of-month."),
    ("* * jan * * x", "jan is a bad day-of-month."),
    ("* * * 13 * x", "13 is a bad month."),
    ("* * * * 8 x", "8 is a bad day-of-week."),
    ("* * * * monday x", "monday is a bad day-of-week."),
    ("*/0 * * * * x", "*/0 is a bad minute."),
    ("*/ * * * * x", "*/ is a bad minute."),
    ("*/x * * * * x", "*/x is a bad minute."),
    ("1, * * * * x", "1, is a bad minute."),
    ("1- * * * * x", "1- is a bad minute."),
    ("1-5/ * * * * x", "1-5/ is a bad minute."),
    ("1,,2 * * * * x", "1,,2 is a bad minute."),
    ("-5 * * * * x", "-5 is a bad minute."),
    ("5/15 * * * * x", "5/15 is a bad minute."),
    ("? * * * * x", "? is a bad minute."),
    ("*/5,70 * * * * x", "*/5,70 is a bad minute."),
    ("100000000000000000000 * * * * x", "is a bad minute."),
    ("*/15 * * * * * * curl x", "Fields for seconds or years belong to other programs"),
    ("@daily *x", "its command begins with *."),
    ("0\u00a0 * * * * * x", "its command begins with *."),
    ("0\u00a05 * * * x", "x is a bad day-of-week."),
    ("0 5 *\u00a0* *", "neither NAME=VALUE"),
    ("\u00b2 * * * * x", "\u00b2 is a bad minute."),
    (f"{'9' * 5000} * * * * x", "is a bad minute."),
    (f"{'0' * 999}5 * * * * x", "is a bad minute."),
    ("*/4294967296 * * * * x", "is a bad minute."),
    ("1-5/2147483647 * * * * x", "is a bad minute."),
    ("* * */2147483647 * * x", "is a bad day-of-month."),
    ("@Daily x", "it knows no @Daily."),
    ("@ x", "it knows no @."),
    (f"* * * * * {'x' * 999}", "no command of more than 998 bytes"),
    ("* * * *", "neither NAME=VALUE"),
]


@pytest.mark.parametrize(("line", "complaint"), REFUSED)
def test_what_cron_refuses_is_refused_with_its_line(line: str, complaint: str) -> None:
    item = only(f"# first\n\n{line}\n")
    assert (item.place, item.report) == ("line 3", "")
    assert complaint in str(item.refusal)


REPORTED = [
    ("@reboot x", "an event, not a time"),
    ("@daily", "no command"),
    ("0 8 * * * ", "no command"),
    ("0 3 * * * %a", "no command"),
    ("0 3 * * * \r", "no command"),
    ("6-1 * * * * x", "never runs it: its minute field holds no value"),
    ("0 0 * 12-1 * x", "its month field holds no value"),
    ("0 0 * * fri-mon x", "its day-of-week field holds no value"),
    ("0 0 9-1 * fri-mon x", "its day-of-month field holds no value"),
    ("0 0 30 2 * x", "no month that it names has such a day"),
    ("0 0 31 4,6 * x", "no month that it names has such a day"),
]


@pytest.mark.parametrize(("line", "report"), REPORTED)
def test_what_cron_accepts_and_never_runs_is_reported(line: str, report: str) -> None:
    item = only(f"{line}\n")
    assert item.refusal is None
    assert report in item.report


AS_CRON_DOES = [
    ("*/90 * * * *", "0 * * * *", ("*/90 is 0 for cron.",)),
    ("0 0 */40 * *", "0 0 1 * *", ("*/40 is 1 for cron.",)),
    ("0 3 */60 * *", "0 3 1 * *", ("*/60 is 1 for cron.",)),
    ("0 0 */40 * 1", "0 0 1 * &1", ("*/40 is 1 for cron.",)),
    ("0 0 9 * */8", "0 0 9 * &0", ("*/8 is 0 for cron.",)),
    (f"{'0' * 998}5 * * * *", "5 * * * *", ()),
    ("4294967296 * * * *", "0 * * * *", ()),
    ("*/2147483647 * * * *", "0 * * * *", ("*/2147483647 is 0 for cron.",)),
    (f"{'1,' * 2500}1 * * * *", "1 * * * *", ()),
    (",".join(f"{n}-{n + 1}" for n in range(59)) + " * * * *", "0-59 * * * *", ()),
    ("*/2," + ",".join(f"{n}-{n + 1}" for n in range(40)) + " * * * *", "*/2,1-39/2 * * * *", ()),
    ("0 0 * */13 *", "0 0 * 1 *", ("*/13 is 1 for cron.",)),
    ("1-5/9 * * * *", "1 * * * *", ()),
    ("3-3 * * * *", "3 * * * *", ()),
    ("0~30 * * * *", "0 * * * *", ("cron skips ~30 in 0~30.",)),
    ("* * * * mon#2", "* * * * 1", ("cron skips #2 in mon#2.",)),
    ("*-7 * * * *", "* * * * *", ("cron skips -7 in *-7.",)),
    ("007 * * * *", "7 * * * *", ()),
    ("1,* * * * *", "1,0-59 * * * *", ()),
    ("0,*/20 * * * *", "0,0-59/20 * * * *", ()),
    ("0,50-10 * * * *", "0 * * * *", ("50-10 is a reversed range",)),
    ("50-10,*/20 * * * *", "0-59/20 * * * *", ("50-10 is a reversed range",)),
    ("0 0 1 * fri-mon", "0 0 1 * *", ("fri-mon is a reversed range",)),
    ("0 0 9-1 * 5", "0 0 * * 5", ("9-1 is a reversed range",)),
    ("0 0 * JAN-mar SUN,7", "0 0 * 1-3 0,7", ()),
]


@pytest.mark.parametrize(("fields", "expected", "notes"), AS_CRON_DOES)
def test_an_odd_field_means_what_it_means_to_cron(
    fields: str, expected: str, notes: tuple[str, ...]
) -> None:
    item = only(f"{fields} x\n")
    assert item.schedule == expected
    assert len(item.warnings) == len(notes)
    assert all(warning.startswith(note) for warning, note in zip(item.warnings, notes, strict=True))


def test_a_carriage_return_is_left_out_with_a_word() -> None:
    item = only("0 5 * * * x\r\n\r\n")
    assert item.values["command"] == ("x",)
    assert "carriage return" in item.warnings[0]


def test_a_blank_line_with_a_carriage_return_is_said_since_cron_refuses_it() -> None:
    (note,) = read("0 5 * * * x\n\r\n \r\n").notes
    assert note.startswith("Line 2 has a carriage return and nothing else: cron refuses a table")


def test_a_last_line_that_does_not_end_is_not_taken_in_silence() -> None:
    last = read("0 5 * * * x\n0 6 * * * y").items[1]
    assert "cron ignores such a last line" in last.warnings[0]


@pytest.mark.parametrize("sixth", ["1-5", "?", "2026", "0/15"])
def test_a_command_that_looks_like_a_sixth_field_is_said(sixth: str) -> None:
    item = only(f"0 0 12 1 5 {sixth} x\n")
    assert "looks like a sixth field" in item.warnings[0]


@pytest.mark.parametrize("command", ["7z a x", "/2026/run x", "[ -e x ] && y", "2026"])
def test_other_commands_do_not_look_like_a_sixth_field(command: str) -> None:
    assert only(f"0 0 12 1 5 {command}\n").warnings == ()


COPIED = "17 * * * *\troot\tcd /\n"
HEADED = "# m h dom mon dow user\tcommand\n17 * * * *\tann\tcd / && run-parts\n"


@pytest.mark.parametrize("text", [COPIED, HEADED])
def test_a_copied_system_crontab_is_recognised_by_its_users(text: str) -> None:
    found = read(text, path="/srv/copied")
    assert "ncp schedule import /srv/copied --format crontab --user-column" in found.notes[0]
    assert read(text, path="/srv/copied", user_column=False).notes == ()
    assert read(text, path="/etc/crontab").notes == ()


def test_a_line_of_a_copied_system_crontab_is_not_run_with_its_user_as_a_program() -> None:
    item = only(COPIED, path="/srv/copied")
    assert "--user-column" in str(item.refusal)
    assert only(COPIED, user_column=False).values["command"] == ("root\tcd /",)
    assert only("0 5 * * * nobody\n").values["command"] == ("nobody",)


def test_bytes_that_are_no_utf_8_stay_what_they_are() -> None:
    assert only("0 5 * * * echo \udce9\n").values["command"] == ("echo \udce9",)


SYSTEM = "17 * * * * root cd / && run-parts\n*/5 * * * * ann poll\n@daily ann\n"


@pytest.mark.parametrize(
    "options", [{"path": "/etc/crontab"}, {"path": "/etc/cron.d/x"}, {"user_column": True}]
)
def test_a_system_crontab_names_a_user_and_only_ones_own_lines_come(options: Any) -> None:
    first, second, third = read(SYSTEM, **options).items
    assert "It runs as root, and ncp schedules for ann." in str(first.refusal)
    assert "sudo -iu root ncp schedule import" in str(first.refusal)
    assert second.values["command"] == ("poll",)
    assert third.report == "It has no command, so cron runs nothing."


def test_without_a_user_column_the_user_is_a_word_of_the_command() -> None:
    items = read(SYSTEM, path="/etc/cron.d/x", user_column=False).items
    assert items[1].values["command"] == ("ann poll",)


BLOCKS = """0 1 * * * a
# >>> ncp 1a2b3c4d >>>
# Written by ncp
0 2 * * * /bin/sh /home/ann/.ncp/scheduler/bin/ncp _timing-run daily-2am
# <<< ncp 1a2b3c4d <<<
# === NCP SCHEDULED JOBS - DO NOT EDIT MANUALLY ===
# NCP_JOB: x
0 3 * * * /usr/bin/ncp _timing-run x
# === END NCP SCHEDULED JOBS ===
0 4 * * * b
"""


def test_lines_of_ncp_and_of_its_predecessor_are_left_out_and_said() -> None:
    found = read(BLOCKS)
    assert [(item.line, item.name) for item in found.items] == [(1, "a"), (10, "b")]
    assert found.notes[0].startswith("Lines 2-5 are entries of ncp")
    assert found.notes[1].startswith("Lines 6-9 are entries of the older ncp")
    assert "ncp schedule migrate" in found.notes[1]


def test_a_block_that_does_not_end_hides_nothing() -> None:
    found = read(BLOCKS.replace("# <<< ncp 1a2b3c4d <<<\n", ""))
    assert [item.line for item in found.items] == [1, 4, 7, 9]


@pytest.mark.parametrize(
    "call", ["/usr/bin/ncp _job-run b1", "/bin/sh '/x y/bin/ncp' _timing-run d"]
)
def test_an_entry_of_ncp_outside_its_block_is_no_task(call: str) -> None:
    item = only(f"0 9 * * * {call}\n")
    assert "an entry of ncp" in item.report


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("/x/y", "0 5 * * * true\n", True),
        ("/x/y", "MAILTO=ann\n@daily true\n", True),
        ("/x/y", "0 5 * * *\n", False),
        ("/x/y", "tasks:\n  - name: a\n", False),
        ("/etc/cron.d/x", "# nothing\n", True),
        ("/etc/crontab", "# nothing\n", True),
    ],
)
def test_a_crontab_is_recognised_by_its_path_or_a_line(
    path: str, text: str, *, expected: bool
) -> None:
    assert crontab.recognises(Opened("x", path, text.encode())) is expected


def test_a_name_made_from_a_line_holds_no_secret_of_it() -> None:
    item = only("0 9 * * * PGPASSWORD=hunter2 pg_dump postgres://ann:hunter2@db/x\n")
    assert item.name == "PGPASSWORD=******** pg_dump postgres://********@db/x"
    assert item.values["command"] == ("PGPASSWORD=hunter2 pg_dump postgres://ann:hunter2@db/x",)


@pytest.mark.skipif(not shutil.which("crontab"), reason="no crontab")
@pytest.mark.parametrize(
    "line",
    [
        f"{'A' * 996}=b",
        f"{'A' * 997}=b",
        f"{'A' * 996} = b",
        f"  \t{'A' * 996}=b",
        f"A='{'b' * 994}'",
        f"A='{'b' * 995}'",
        f"{'é' * 498}=b",
        f"{'é' * 499}=b",
        f"{'A' * 500}={'b' * 900}",
    ],
)
def test_cron_reads_the_first_998_bytes_of_a_variable(line: str, tmp_path: Path) -> None:
    table = tmp_path / "table"
    table.write_text(f"{line}\n")
    done = subprocess.run(["crontab", "-n", str(table)], capture_output=True, check=False)
    assert (variable(line) is not None) == (done.returncode == 0)


def test_what_cron_does_not_read_of_a_long_value_is_not_in_the_task() -> None:
    assert variable(f"AB={'c' * 1200}") == ("AB", "c" * 995)
