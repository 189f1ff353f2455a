"""The fields of a task: one row for each, in the order of the options of `create`."""

from __future__ import annotations

from ncp import amounts
from ncp.fields import kinds, values
from ncp.fields.row import Field, Option

VARIABLE = "cannot be a variable. Give it a name without =, and a value without NUL."
PROGRAM = 'has no program that can be given. Write {"command": ["/bin/true"]}.'
SHELL = 'gives a shell words. Write one text: {"command": ["a | b"], "shell": true}.'
INSTANT = 'is not an instant. Write "2027-01-01T00:00:00Z".'
TASK = (
    Field(
        "id",
        "text",
        "letters, digits, `.`, `_`, `-`; a UUID where ncp made it",
        default="its key",
        column="id",
        ours=True,
    ),
    Field(
        "name",
        "text",
        "what people call it",
        kinds.NAME,
        (
            (lambda v: bool(v.strip()), 'is empty. Write a name such as "Nightly backup".'),
            (values.is_usable, "holds a character that cannot be written. Remove it."),
        ),
        Option(("--name",), "What to call the task.", example="backup"),
        column="name",
    ),
    Field(
        "description",
        "text",
        "a remark",
        option=Option(
            ("--description",),
            "A remark to keep with it.",
            example="'Every night'",
        ),
        title="Remark",
        none="Drop the remark.",
    ),
    Field("timing_id", "text", "the timing it belongs to", column="timing_id", ours=True),
    Field(
        "command",
        "list of text",
        "the program and its arguments, without a shell",
        kinds.COMMAND,
        (
            (values.usable, "holds a character that no program can be given. Remove it."),
            (lambda v: not v or bool(v[0]), 'has no program. Write ["/bin/true"].'),
        ),
        column="argv",
    ),
    Field(
        "shell",
        "boolean",
        "`command` holds one text (and no more) for `/bin/sh -c`",
        option=Option(("--shell",), "COMMAND is one text for /bin/sh -c.", takes="flag"),
        column="argv",
    ),
    Field(
        "steps",
        "list",
        "instead of `command`: several, one after the other (below)",
        kinds.STEPS,
        (
            (
                lambda v: len(v) <= values.MOST_STEPS,
                f"are too many. Write up to {values.MOST_STEPS}.",
            ),
            (
                values.differ_in_names,
                "do not differ in their names. Give each a name of its own.",
            ),
        ),
        Option(
            ("--step",),
            "A step, for /bin/sh -c; several, in order, instead of COMMAND.",
            "[NAME: ]LINE",
            "texts",
            "'upload: rclone copy dump.sql remote:'",
        ),
        column="steps",
    ),
    Field(
        "tool",
        "text",
        "instead of `command`: a tool of an MCP server of `mcp.json`, as `server:tool`",
        kinds.TOOL,
        (
            (
                values.is_tool,
                'is not a tool of a server. Write for example "filesystem:list_directory".',
            ),
        ),
        Option(
            ("--tool",),
            "Instead of a command: a tool of an MCP server.",
            "SERVER:TOOL",
            example="filesystem:list_directory",
        ),
        column="tool",
    ),
    Field(
        "parameters",
        "object",
        "what the tool is called with, exactly as written",
        kinds.PARAMETERS,
        (
            (
                values.can_be_sent,
                'hold what JSON cannot say. Write for example {"path": "/backups"}.',
            ),
        ),
        Option(
            ("--params",),
            "What the tool is called with.",
            "JSON|@FILE",
            example='\'{"path": "/backups"}\'',
        ),
        column="parameters",
        none="Call the tool with nothing.",
        cleared={},
    ),
    Field(
        "timeout_seconds",
        "number",
        "after that long: SIGTERM to all that it started; `0`: never",
        kinds.seconds("300"),
        ((values.is_time, "is not a number of seconds. Write 300, or 0 for none."),),
        Option(
            ("--timeout",),
            "Stop it after that long: 5m, 1h30m, 90 (s); 0: never.",
            "DURATION",
            "number",
            "300",
            amounts.seconds,
        ),
        column="timeout",
    ),
    Field(
        "kill_grace_seconds",
        "number",
        "from SIGTERM to SIGKILL",
        kinds.seconds("5"),
        ((values.is_time, "is not a number of seconds. Write 5."),),
        Option(
            ("--grace",),
            "From SIGTERM to SIGKILL; default 5s.",
            "DURATION",
            "number",
            "5",
            amounts.seconds,
        ),
        column="grace",
    ),
    Field(
        "overlap",
        "text",
        "what a slot does while an earlier execution of the task still runs: `skip` it; `queue` "
        "(wait for it to end; one waits, further slots are skipped); `replace` (end it as "
        "`interrupted`, as at a deadline, then start); `allow` (run beside it)",
        kinds.OVERLAP,
        (
            (
                values.one_of(kinds.OVERLAP.words),
                f"is no way to treat overlap. Write {kinds.OVERLAP.example}.",
            ),
        ),
        Option(
            ("--overlap",),
            "If it still runs at its next slot: skip (default), queue, replace or allow.",
            "WORD",
        ),
        "Overlap",
        column="overlap",
    ),
    Field(
        "priority",
        "text",
        "`critical`, `high`, `medium` or `low`: who starts first in a firing, and the nice level "
        "(unless `limits.nice` says another): 10 below the runner's, 5 below, the same, 10 above "
        "(below needs root; elsewhere it is left out; Windows: start order only)",
        kinds.PRIORITY,
        (
            (
                values.one_of(kinds.PRIORITY.words),
                f"is no priority. Write {kinds.PRIORITY.example}.",
            ),
        ),
        Option(
            ("--priority",),
            "Start order, nice level: critical, high, medium (default) or low.",
            "WORD",
        ),
        "Priority",
        column="priority",
    ),
    Field(
        "active_hours",
        "object",
        "the part of the week in which it may start (below)",
        kinds.HOURS,
        (
            (
                lambda v: v is None or v.start != v.end,
                'span no time. Write for example "start": "00:00", "end": "24:00".',
            ),
        ),
        Option(
            ("--active-hours",),
            'Start it only then: "mon-fri 09:00-17:00", "22:00-06:00".',
            "HOURS",
            example='"mon-fri 09:00-17:00"',
        ),
        column="active_hours",
        none="Start it at any hour.",
    ),
    Field(
        "jitter_seconds",
        "number",
        "starts after a random part of it (below)",
        kinds.seconds("60", values.LONGEST_DELAY),
        (
            (
                values.between(0, values.LONGEST_DELAY),
                "is not a number of seconds up to a day. Write 60, or 0 for none.",
            ),
        ),
        Option(
            ("--jitter",),
            "Start it up to that much later, at random: 5m.",
            "DURATION",
            "number",
            "60",
            amounts.seconds,
        ),
        "Jitter (s)",
        column="jitter",
        none="Start it at its slot.",
        cleared=0,
    ),
    Field(
        "after",
        "list of objects",
        "tasks of the same timing that must have ended first (below)",
        kinds.AFTERS,
        (
            (
                lambda v: all(one.outcome in kinds.OUTCOME.words for one in v),
                f"hold an outcome that is none. Write {kinds.OUTCOME.example}.",
            ),
        ),
        Option(
            ("--after",),
            "Wait for another task of the same slot: success (default), failure or any.",
            "TASK[:WORD]",
            "texts",
        ),
        column="after",
        none="Wait for no other task.",
        cleared=(),
    ),
    Field(
        "retries",
        "object",
        "tries again for the same slot (below)",
        kinds.RETRIES,
        column="retries",
        none="Try it once per slot.",
    ),
    Field(
        "limits",
        "object",
        "what it may use (below)",
        kinds.LIMITS,
        column="limits",
        none="Let it use what there is.",
    ),
    Field(
        "umask",
        "text",
        "three octal digits: the permissions that its new files do not get",
        kinds.MASK,
        ((values.UMASK.fullmatch, 'is not a umask. Write "022", three octal digits.'),),
        Option(("--umask",), "What its new files are not: 022, 077.", "OCTAL", example="022"),
        "Umask",
        '`"022"` (the maker\'s own where made by `create`)',
        column="umask",
    ),
    Field(
        "on_failure",
        "object",
        "a command that runs when an execution has failed for good (below)",
        kinds.HOOK,
        ((values.has_program, PROGRAM), (values.is_one_text, SHELL)),
        Option(
            ("--on-failure",),
            "Run that (/bin/sh -c) when it has failed for good.",
            "LINE",
            example="'mail -s failed ann'",
        ),
        column="on_failure",
        none="Run nothing when it has failed.",
    ),
    Field(
        "on_success",
        "object",
        "a command that runs when an execution has succeeded (below)",
        kinds.HOOK,
        ((values.has_program, PROGRAM), (values.is_one_text, SHELL)),
        Option(
            ("--on-success",),
            "Run that (/bin/sh -c) when it succeeded.",
            "LINE",
            example="'touch done'",
        ),
        column="on_success",
        none="Run nothing when it succeeded.",
    ),
    Field(
        "working_directory",
        "text",
        "where it runs",
        kinds.FOLDER,
        ((values.is_usable, 'is not a folder. Write "/srv/site".'),),
        Option(("--directory", "-C"), "Where it runs.", example="/", at_creation="here"),
        "Folder",
        "the user's home",
        "cwd",
    ),
    Field(
        "environment",
        "object",
        "its own variables; secrets by reference (below)",
        kinds.VARIABLES,
        ((values.is_environment, VARIABLE),),
        Option(
            ("--env", "-e"),
            "Set a variable, or file:PATH for a secret.",
            "NAME=VALUE",
            "texts",
            "LANG=C.UTF-8",
        ),
        column="env",
        none="Set that variable no more.",
    ),
    Field(
        "env_file",
        "text",
        "a file of more variables: `KEY=VALUE` in each line, `#` begins a remark, quotes around a "
        "value are taken off; its mode must be 0600",
        kinds.FILE,
        ((values.is_place, 'is not an absolute path. Write "/home/ann/backup.env".'),),
        Option(
            ("--env-file",),
            "Set the variables in it (mode 0600).",
            "FILE",
            example="~/backup.env",
        ),
        "Variables",
        column="env_file",
        none="Read no file of variables.",
    ),
    Field(
        "stdin",
        "text",
        "what it reads on standard input; without it: nothing",
        checks=((values.is_usable, "holds a character that cannot be written. Remove it."),),
        option=Option(
            ("--stdin",),
            "What it reads on standard input.",
            "TEXT",
            example="text",
        ),
        title="Reads",
        column="stdin",
        none="Give it nothing to read.",
    ),
    Field(
        "fire_once",
        "boolean",
        "fires at one slot, then it is completed",
        option=Option(("--fire-once",), "Run at one slot only.", takes="flag"),
        column="fire_once",
    ),
    Field(
        "max_executions",
        "whole number",
        "fires that often, then it is completed",
        kinds.whole("a whole number", "1", 1, values.MOST_EXECUTIONS),
        (
            (
                values.between(1, values.MOST_EXECUTIONS),
                "is not a count of 1 or more. Write 1.",
            ),
        ),
        Option(
            ("--max-executions",),
            "Stop after N executions.",
            "N",
            "whole",
            "1",
            bounds=(1, None),
        ),
        "At most",
        column="max_executions",
        none="Run without a count.",
    ),
    Field(
        "end_date",
        "instant",
        "fires at no slot after it, then it is completed",
        kinds.END_DATE,
        ((values.is_instant, INSTANT),),
        Option(
            ("--end-date",),
            "Fire no more from then on: 2027-01-01, tomorrow, 2w, ISO 8601.",
            "TIME",
            example="2030-01-01T00:00:00Z",
        ),
        "Until",
        column="end_at",
        none="Fire without end.",
    ),
    Field(
        "catchup_missed",
        "boolean",
        "a late wake runs the newest missed slot, however late; without it: up to five minutes "
        "late",
        option=Option(
            ("--catchup-missed",),
            "Run the newest missed slot once, however late.",
            takes="flag",
            unsaid=True,
        ),
        default="`false` (`true` where made by `create`)",
        column="catchup",
    ),
    Field(
        "captured_environment",
        "object",
        "what was captured when it was made (setting `capture_environment`)",
        kinds.CAPTURED,
        ((values.is_environment, VARIABLE),),
        column="env",
        ours=True,
    ),
    Field("created_at", "instant", "when it was made", ours=True),
    Field(
        "active_since",
        "instant",
        "slots before it do not count: made, resumed, moved",
        kinds.SINCE,
        ((values.is_instant, INSTANT),),
        column="active_since",
        ours=True,
    ),
    Field(
        "origin",
        "text",
        "what it came from, where that was a file: `apply:PATH`, or what an import noted to know "
        "it again",
        checks=(
            (
                lambda v: v is None or (bool(v) and values.usable([v])),
                'is no origin. Remove it, or write for example "apply:/srv/schedule.yaml".',
            ),
        ),
        title="Made from",
        ours=True,
    ),
    Field(
        "status",
        "text",
        "`active`, `paused`, `completed` or `error`; what waits to start when its task is paused "
        "or deleted is `skipped`",
        kinds.STATUS,
        column="status",
    ),
    Field(
        "paused_with_all",
        "boolean",
        "it was active when `ncp schedule pause --all` paused it: `resume --all` makes it active "
        "again, and leaves alone what was paused before",
        ours=True,
    ),
    Field(
        "error_message",
        "text",
        "why its status is `error`, or an import left it paused",
        title="Trouble",
    ),
    Field(
        "original",
        "text",
        "what it was made from, where that could not be taken as it was: it waits to be mended, "
        "cannot be active, and may lack something to run",
        title="Original",
        ours=True,
    ),
)
"""Their order is that of the options, and of the reference."""
