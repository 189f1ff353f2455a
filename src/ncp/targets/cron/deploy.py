"""What to look at, and the one `crontab` call that installs, changes or removes the block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ncp.errors import SchedulerError
from ncp.model import Again, Availability, Command, Entry, Finding, Run, Survey
from ncp.targets.cron import daemons, fields, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ncp.model import Changes, Host, Observed, Output, Step
    from ncp.targets.cron.table import Table

LIST = ("crontab", "-l")
SHOWN = r"\r"
EXACT = ("env", "VISUAL=cat", "EDITOR=cat", "crontab", "-e")
"""Debian's `crontab -l` shows a return as a backslash and an r; an editor gets the file."""
SPOOL, STARTED = "/var/spool/cron/crontabs", "/run/crond.pid"
"""Of Debian's cron: where the tables are, and what the daemon writes when it starts."""
EMBEDDED = "ncp schedule sync --target embedded"
OURS = "# Written by ncp"
_ENTRY = re.compile(
    r"[0-9*,/ -]+(?P<command>/bin/sh .* _timing-run (?P<id>[a-z0-9][a-z0-9-]{0,62}))"
)
_REBOOT = re.compile(r"(?P<event>@reboot) /bin/sh .* _timing-run --missed")
_CHANGES_OURS = re.compile(r"[ \t]*(CRON_TZ|SHELL|TZ)[ \t]*=")


def survey(host: Host) -> Survey:
    """Look at the user's crontab, and ask for the daemon where it is no process of its own."""
    cron = daemons.of(host)
    return Survey(
        commands=(LIST, cron.asks) if cron.asks else (LIST,),
        closer=((LIST, SHOWN, EXACT),) if cron.lists else (),
    )


def available(observed: Observed, host: Host) -> Availability:
    """Usable where there is a crontab of one's own and a daemon that reads it."""
    trouble = _trouble(observed, host)
    if trouble is not None:
        clause = trouble.message[:1].lower() + trouble.message[1:].removesuffix(".")
        return Availability(usable=False, reason=clause)
    runs = daemons.of(host).title
    return Availability(usable=True, reason=f"crontab is there and {runs} runs")


def _trouble(observed: Observed, host: Host) -> Finding | None:
    """Say why no line would ever run, if so."""
    if "crontab" not in host.tools:
        return Finding("error", "cron", _without_crontab(host), EMBEDDED)
    if _refusal(observed):
        return Finding("error", "cron", f"crontab -l says: {_refusal(observed)}", EMBEDDED)
    # macOS starts cron when a table appears (launchd's com.vix.cron).
    if host.system != "darwin" and not _runs(observed, host):
        return Finding("error", "cron", "No cron daemon runs.", daemons.of(host).start)
    return None


def _without_crontab(host: Host) -> str:
    if host.cron == "mcron":
        return "mcron has no crontab program here; it reads files, and only when it starts."
    return "There is no crontab on PATH."


def _runs(observed: Observed, host: Host) -> bool:
    """Tell whether a daemon reads the table; systemd-cron has none, its units are asked."""
    answer = observed.outputs.get(daemons.of(host).asks)
    return bool(daemons.DAEMONS & host.processes) or (answer is not None and answer.code == 0)


def _answer(observed: Observed) -> Output | None:
    return observed.outputs.get(LIST)


def _refusal(observed: Observed) -> str:
    """The words of `crontab -l` where it did not show the table, or the lack of one."""
    output = _answer(observed)
    if output is None or output.code == 0 or daemons.says_no_table(output.stderr):
        return ""
    return " ".join(output.stderr.split()) or f"nothing, with exit code {output.code}"


def current(observed: Observed, host: Host) -> Table:
    """Read the user's whole crontab; SchedulerError where that is not possible."""
    if _refusal(observed):
        raise SchedulerError(
            f"The crontab cannot be read: {_refusal(observed)}",
            where="crontab -l",
            next_step="Make that command work first; ncp writes no table that it could not read.",
        )
    return table.split(whole(observed), host)


def whole(observed: Observed) -> str:
    """The table byte for byte, where what the editor got is what was listed."""
    listed, exact = _answer(observed), observed.outputs.get(EXACT)
    if listed is None or listed.code:
        return ""
    if exact is not None and exact.stdout.replace("\r", SHOWN) == listed.stdout:
        return exact.stdout
    return listed.stdout


def found(observed: Observed, host: Host) -> tuple[Entry, ...]:
    """List the lines of this home's block by timing; other lines in it by their number.

    Raises SchedulerError where the table or its markers cannot be read.
    """
    if "crontab" not in host.tools:
        return ()
    ours = current(observed, host)
    entries: dict[str, Entry] = {}
    for number, text in _paired(ours):
        timing_id = _timing_id(text)
        key = timing_id if timing_id and timing_id not in entries else f"line {number}"
        entries[key] = Entry(key, text)
    return tuple(entries.values())


def _paired(ours: Table) -> Iterator[tuple[int, str]]:
    """Yield the lines of the block, each comment of ncp together with the lines it is about.

    Those are the next one, and all after it that run the same timing.
    """
    number, text = ours.first_line, ""
    for here, line in enumerate(ours.block or (), ours.first_line):
        if text and not _goes_on(text, line):
            yield number, text
            text = ""
        number, text = here, f"{text}{line}\n"
    if text:
        yield number, text


def _goes_on(text: str, line: str) -> bool:
    """Tell whether a line belongs to what a comment of ncp has begun."""
    if line.startswith(OURS) or not text.startswith(OURS):
        return False
    last = text.splitlines()[-1]
    return last.startswith(OURS) or _command(last) == _command(line) != ""


def _command(line: str) -> str:
    match = _ENTRY.fullmatch(line)
    return match["command"] if match else ""


def _timing_id(text: str) -> str:
    """Find the timing of an entry, or its event; empty for what cron would not take for one."""
    lines = [line for line in text.splitlines() if not line.startswith(OURS)]
    event = _REBOOT.fullmatch(lines[0]) if len(lines) == 1 else None
    if event is not None:
        return event["event"]
    match = _ENTRY.fullmatch(lines[-1]) if lines else None
    if match is None:
        return ""
    if all(_ENTRY.fullmatch(line) and fields.are_plain(line) for line in lines):
        return match["id"]
    from crontab import CronTab  # noqa: PLC0415  takes as long to import as all of ncp

    jobs = CronTab(tab="".join(f"{line}\n" for line in lines))
    return match["id"] if all(job.enabled and job.is_valid() for job in jobs) else ""


def deploy(changes: Changes, observed: Observed, host: Host) -> tuple[Step, ...]:
    """Install the whole new table at once; a table that only held the block goes with it."""
    if changes.empty:
        return ()
    entries = sorted((*changes.add, *changes.change, *changes.keep), key=lambda entry: entry.key)
    text = table.joined(current(observed, host), (entry.text for entry in entries), host)
    return replaced(text, host, _answer(observed))


def replaced(text: str, host: Host, seen: Output | None = None) -> tuple[Run, ...]:
    """The steps after which the user's crontab is this text; an empty one is none.

    `seen` is what `crontab -l` answered before: an edit since then must not be lost.
    """
    cron = daemons.of(host)
    empty, remove = Command(cron.install, stdin=""), Command(cron.remove)
    commands = (Command(cron.install, stdin=text),) if text else (empty, remove)
    again = Again(Command(LIST), commands, SPOOL, STARTED) if cron.by_seconds else None
    return (Run(commands[-1], again=again, seen=None if seen is None else (LIST, seen)),)


def idle(observed: Observed, host: Host) -> Finding | None:
    """Say why no line would ever run, if so."""
    return _trouble(observed, host)


def diagnose(observed: Observed, host: Host) -> tuple[Finding, ...]:
    """Say whether lines run at all, and whether something above them changes how."""
    trouble = idle(observed, host)
    if trouble is not None:
        return (trouble,)
    try:
        above = current(observed, host).before
    except SchedulerError as error:
        return (Finding("error", "cron", f"{error.where}: {error.what}", "crontab -e"),)
    lines = [line for line in above.split("\n") if _CHANGES_OURS.match(line)]
    if lines:
        message = f"{lines[-1].strip()} stands above ncp's block and changes when or how it runs."
        return (Finding("warning", "cron", message, "crontab -e"),)
    message = f"The crontab can be read, and {daemons.of(host).title} runs."
    return (Finding("ok", "cron", message),)
