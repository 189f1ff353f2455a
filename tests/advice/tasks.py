"""Rows for tasks: how they are named, made, run and looked at, and what doctor says of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from advice.documents import NEVER, document
from advice.following import Case

A = "ncp schedule create daily --name a -- true"
B = "ncp schedule create daily --name b -- true"
TWIN = "ncp schedule create hourly --name a --allow-duplicate-name -- true"
NEW = "ncp schedule create daily"
DOCTOR = "ncp doctor"
LONG = "1," * 600
WAITING = {"status": "error", "original": "61 * * * *", "errorMessage": "no such minute"}
ANY = (0, 1)


def bare(keys: dict[str, object]) -> dict[str, str]:
    """A document with a task that waits to be mended."""
    return document({**WAITING, **keys}, NEVER)


CASES: tuple[Case, ...] = (
    Case("amounts:_unreadable", f"{NEW} --timeout 5,5m -- true"),
    Case("amounts:days", "ncp schedule cleanup --max-age 36h"),
    Case(
        "amounts:some_seconds",
        "ncp mcp test x --timeout 0",
        before=("ncp mcp add x -- true",),
        code=(1,),
    ),
    Case(
        "api.catching_up:_chosen",
        "ncp schedule catchup a",
        before=(A, "ncp schedule pause a"),
        then=("«~ncp schedule run \\S+»",),
    ),
    Case(
        "api.making:zone_meant",
        "ncp schedule create '9am UTC' --timezone Europe/Berlin -- true",
        then=("ncp schedule create '9am UTC' -- true",),
        says="Leave one of the two out.",
    ),
    Case(
        "api.making:__init__",
        A,
        before=(A,),
        then=("«~ncp schedule update [^;\\s]+» --timeout 5m",),
    ),
    Case(
        "api.making:__init__",
        A,
        before=(A,),
        then=(f"{NEW} --name a «--allow-duplicate-name» -- true",),
    ),
    Case("api.making:_active", "ncp schedule resume a", files=bare({})),
    Case(
        "api.running:_require_action",
        "ncp schedule run a",
        files=bare({"command": None}),
        fill={"COMMAND": "true"},
    ),
    Case(
        "api.resolving:_only",
        "ncp schedule get a",
        before=(A, TWIN),
        then=("ncp schedule get «~[0-9a-f]{8}-[0-9a-f-]+»",),
    ),
    *(
        Case(
            "api.resolving:_ambiguous",
            "ncp schedule delete hourly -y",
            before=(
                "ncp schedule create daily --name hourly -- true",
                "ncp schedule create hourly --name c -- true",
            ),
            then=(f"ncp schedule delete «{kind}:hourly» -y",),
        )
        for kind in ("task", "timing")
    ),
    Case(
        "api.resolving:_not_found#2",
        "ncp schedule get BACKUPS",
        before=("ncp schedule create daily --name Backup -- true",),
    ),
    Case(
        "api.showing:find",
        f"ncp schedule show {datetime.now(UTC):%Y}",
        before=(A, "ncp schedule run a", "ncp schedule run a"),
        then=("ncp schedule show «~2\\d{7}T[^,.\\s]+»",),
    ),
    Case(
        "cli.commands.update:_require_some#2",
        "ncp schedule update a b --name z",
        before=(A, B),
        then=("«~ncp schedule update \\S+ --name z»",),
    ),
    Case(
        "api.logs:output_of",
        '>>> list(__import__("ncp.api.logs").api.logs.output_of(s.site, "nope"))',
        then=("«ncp schedule executions»",),
    ),
    Case("cli.door:_usage", f"{NEW} --retries x -- true"),
    Case("cli.door:_usage#2", f"{NEW} --timeout", then=(f"{NEW} «--timeout 300» -- true",)),
    Case("cli.door:_usage#2", f"{NEW} --overlap", then=(f"{NEW} --overlap «skip» -- true",)),
    Case("cli.door:_usage#3", "ncp schedule list --nope"),
    Case(
        "cron.expression:_split",
        f"ncp schedule next '{LONG}1 * * * *'",
        then=("ncp schedule next '«0 9 * * 1-5»'",),
    ),
    Case(
        "importing.filling:_timing",
        "ncp schedule import f.json",
        files={
            "f.json": json.dumps(
                {
                    "timings": {"x": {"at": "2020-01-01T00:00Z"}},
                    "tasks": {"a": {"name": "a", "command": ["true"], "timingId": "x"}},
                }
            )
        },
        then=("$ sed -i s/2020/2030/ f.json", "ncp schedule import f.json"),
        says="Write an instant still to come.",
    ),
    Case(
        "secrets:_text#2 doctor.secrets:_of",
        DOCTOR,
        before=("$ echo K=1 > s; chmod 644 s", f"{NEW} --name a --env-file s -- true"),
        about="may be read by others",
        code=ANY,
    ),
    Case(
        "secrets:_pair",
        DOCTOR,
        before=("$ echo no > s; chmod 600 s", f"{NEW} --name a --env-file s -- true"),
        about="not KEY=VALUE",
        then=("$ echo K=1 > s", DOCTOR),
        says="Correct it",
        code=ANY,
    ),
    Case(
        "secrets:_text",
        DOCTOR,
        before=("$ touch s; chmod 600 s", f"{NEW} --name a --env-file s -- true", "$ rm s"),
        about="cannot be read",
        then=("$ touch s; chmod 600 s", DOCTOR),
        says="Make the file",
        code=ANY,
    ),
    Case(
        "secrets:_resolved",
        DOCTOR,
        before=(
            "$ printf 'a\\000b' > s; chmod 600 s",
            f"{NEW} --name a --env K=file:s -- true",
            """$ sed -i "s|file:s|file:$PWD/s|" "$NCP_HOME/schedule.json\"""",
        ),
        about="holds a NUL",
        then=("$ echo a > s", DOCTOR),
        says="Store it as text.",
        code=ANY,
    ),
    Case(
        "doctor.tasks:programs",
        DOCTOR,
        before=(f"{NEW} --name a -- nonesuch",),
        about='"nonesuch"',
        then=("$ true", "«~ncp schedule update \\S+ -- »true", DOCTOR),
        code=ANY,
    ),
    Case(
        "doctor.tasks:programs",
        DOCTOR,
        before=("$ mkdir d", f"{NEW} --name a --directory d -- true", "$ rmdir d"),
        about="The folder",
        code=ANY,
    ),
    Case(
        "doctor.servers:_of",
        DOCTOR,
        before=(f"{NEW} --name a --tool x:y --skip-validation",),
        about="is not in mcp.json",
        fill={"COMMAND": "true"},
        code=ANY,
    ),
    Case(
        "doctor.servers:_of#2",
        DOCTOR,
        before=("ncp mcp add x -- nonesuch", f"{NEW} --name a --tool x:y --skip-validation"),
        about='"nonesuch"',
        then=("«ncp mcp test x»",),
        code=ANY,
    ),
    Case(
        "doctor.machine:document",
        DOCTOR,
        before=("""$ echo '{"jobs": {}}' > "$NCP_HOME/jobs.json\"""",),
        about="waits to be taken over",
        code=ANY,
    ),
)
