"""The fields of the objects inside a task: retries, limits, active hours, steps, hooks, after."""

from __future__ import annotations

from ncp import amounts
from ncp.fields import kinds, meant, values
from ncp.fields.hours import DAYS
from ncp.fields.row import Field, Kind, Option, Short
from ncp.fields.task import PROGRAM, SHELL

DELAY = kinds.seconds("30", values.LONGEST_DELAY)
LONGEST_DELAY = kinds.seconds("3600", values.LONGEST_DELAY)
UP_TO_A_DAY = values.between(0, values.LONGEST_DELAY)
RETRIES = (
    Field(
        "retries.attempts",
        "whole number",
        "how many times more, 1 to 10",
        Kind("a whole number", "3", meant.as_count, (1, 10), {"minimum": 1, "maximum": 10}),
        ((values.between(1, 10), "is not a count of 1 to 10. Write 3."),),
        Option(
            ("--retries",),
            "Try up to N times more for the slot (up to 10).",
            "N",
            "whole",
            "3",
            bounds=(1, 10),
        ),
    ),
    Field(
        "retries.delay_seconds",
        "number",
        "before the first retry, up to a day",
        DELAY,
        ((UP_TO_A_DAY, "is not a number of seconds up to a day. Write 30."),),
        Option(
            ("--retry-delay",),
            "Before the first retry; default 30s.",
            "DURATION",
            "number",
            "30",
            amounts.seconds,
        ),
        short=Short("delay"),
    ),
    Field(
        "retries.backoff",
        "number",
        "each further delay is so many times as long, 1 to 10",
        Kind("a number", "2", meant.as_number, (1, 10), {"minimum": 1, "maximum": 10}),
        ((values.between(1, 10), "is not a factor of 1 to 10. Write 2."),),
        Option(("--retry-backoff",), "Growth of the delay; default 2.", "FACTOR", "number", "2"),
    ),
    Field(
        "retries.max_delay_seconds",
        "number",
        "no delay is longer",
        LONGEST_DELAY,
        ((UP_TO_A_DAY, "is not a number of seconds up to a day. Write 3600."),),
        Option(
            ("--retry-max-delay",),
            "The longest delay; default 1h.",
            "DURATION",
            "number",
            "3600",
            amounts.seconds,
        ),
        short=Short("maxDelay"),
    ),
    Field(
        "retries.on",
        "text",
        "what is tried again: `failure`, `timeout` or `both`",
        kinds.CAUSE,
        ((values.one_of(kinds.CAUSE.words), f"is not a cause. Write {kinds.CAUSE.example}."),),
        Option(("--retry-on",), "Retry after a failure, a timeout, or both (default).", "WORD"),
    ),
)
LIMITS = (
    Field(
        "limits.memory_mb",
        "whole number",
        "memory in MB. Fired by systemd: of all its processes together, swap none (a cgroup; what "
        "goes beyond is killed). Elsewhere on Linux: the addresses of each of its processes "
        "(`RLIMIT_AS`), which is more than the memory they use, and programs that reserve a lot "
        "of them (Java, Go, Node) need a far higher number",
        Kind(
            "a number of megabytes",
            "512",
            meant.as_megabytes,
            schema={"minimum": 1, "maximum": values.MOST_MEMORY},
        ),
        ((values.between(1, values.MOST_MEMORY), "is not a number of megabytes. Write 512."),),
        Option(
            ("--limit-memory",),
            "End it if it needs more memory: 512MB, 2G, 512 (MB).",
            "SIZE",
            "whole",
            "512",
            amounts.megabytes,
        ),
        short=Short("memory"),
    ),
    Field(
        "limits.cpu_seconds",
        "whole number",
        "processor time of each of its processes: SIGXCPU, and SIGKILL a second later",
        Kind(
            "a number of seconds",
            "60",
            meant.as_whole_seconds,
            schema={"minimum": 1, "maximum": values.MOST_SECONDS},
        ),
        (
            (
                values.between(1, values.MOST_SECONDS),
                "is not a number of seconds of 1 or more. Write 60.",
            ),
        ),
        Option(
            ("--limit-cpu",),
            "End it if it computes longer: 10m, 90 (s).",
            "DURATION",
            "whole",
            "60",
            amounts.whole_seconds,
        ),
        short=Short("cpu"),
    ),
    Field(
        "limits.open_files",
        "whole number",
        "the files that each of its processes may have open",
        kinds.whole("a whole number", "256", 1, values.MOST_FILES),
        (
            (
                values.between(1, values.MOST_FILES),
                f"is not a number of files from 1 to {values.MOST_FILES}. Write 256.",
            ),
        ),
        Option(
            ("--limit-files",),
            "Files it may have open at once.",
            "N",
            "whole",
            "256",
            bounds=(1, None),
        ),
    ),
    Field(
        "limits.nice",
        "whole number",
        "the nice level, -20 to 19, whatever `priority` says; below its runner's needs root",
        Kind("a whole number", "10", meant.as_count, (-20, 19), {"minimum": -20, "maximum": 19}),
        ((values.between(-20, 19), "is not a nice level from -20 to 19. Write 10."),),
        Option(
            ("--nice",),
            "Nice level, whatever its priority says.",
            "N",
            "whole",
            "10",
            bounds=(-20, 19),
        ),
        column="nice",
    ),
)
HOURS = (
    Field(
        "active_hours.start",
        "text",
        "`HH:MM`",
        kinds.START,
        (
            (
                lambda v: v is None or values.CLOCK.fullmatch(v),
                'is not a time of day. Write "09:00".',
            ),
        ),
    ),
    Field(
        "active_hours.end",
        "text",
        "`HH:MM`, excluded, up to `24:00`; before `start`: of the next day",
        kinds.END,
        (
            (
                lambda v: v is None or v == "24:00" or values.CLOCK.fullmatch(v),
                'is not a time of day. Write "17:00", or "24:00" for midnight.',
            ),
        ),
    ),
    Field(
        "active_hours.days",
        "list of text",
        "`mon` to `sun`: the days on which they begin",
        kinds.WEEKDAYS,
        (
            (
                lambda v: v is None or {*v} <= {*DAYS},
                f"are not all days. Write some of: {', '.join(DAYS)}.",
            ),
        ),
        default="every day",
    ),
)
STEPS = (
    Field("steps.command", "list of text", "the program and its arguments", kinds.PROGRAM),
    Field(
        "steps.name",
        "text",
        "what it is called; no two of a task alike",
        checks=((values.is_step_name, 'is no name of a step. Write for example "upload".'),),
        default="`step 1`, `step 2`, …",
    ),
    Field("steps.shell", "boolean", "`command` holds one text for `/bin/sh -c`"),
    Field(
        "steps.timeout_seconds",
        "number",
        "its own deadline; `0`: only the task's",
        kinds.seconds("300"),
        ((values.is_time, "is not a number of seconds. Write 60, or 0 for none."),),
        short=Short("timeout"),
    ),
    Field(
        "steps[]",
        "object",
        "a step",
        kinds.STEP,
        ((values.has_program, PROGRAM), (values.is_one_text, SHELL)),
    ),
)
HOOKS = (
    Field("hook.command", "list of text", "the program and its arguments", kinds.PROGRAM),
    Field("hook.shell", "boolean", "`command` holds one text for `/bin/sh -c`"),
)
AFTER = (
    Field(
        "after.task",
        "text",
        "the id of a task of the same timing; none twice, not the task itself, and no circles",
    ),
    Field(
        "after.outcome",
        "text",
        "`success`; `failure` (it ended as `failure`, `timeout` or `interrupted`); `any`",
        kinds.OUTCOME,
    ),
    Field("after[]", "object", "a task that it waits for", kinds.AFTER),
)
COMPLAINTS = (
    Field("complaints.key", "text", "the key of `original`; empty: all of it"),
    Field("complaints.reason", "text", "what is wrong with it, in words"),
)
