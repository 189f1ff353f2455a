"""Rows for files that are taken over, or written out."""

from __future__ import annotations

from advice.following import Case
from advice.machines import crontab

IMPORT = "ncp schedule import"
APPLY = "ncp schedule apply f.yaml"
MIGRATE = "ncp schedule migrate"
A = "ncp schedule create daily --name a -- true"
EXPORT = "ncp schedule export"
JOBS = '"$NCP_HOME/jobs.json"'
OWN = f"{IMPORT} --from-crontab"
LINE = "0 9 * * * true\n"
CASES: tuple[Case, ...] = (
    Case(
        "importing.crontab.schedule:_refuse_field",
        f"{IMPORT} f",
        files={"f": "61 * * * * true\n"},
        then=("$ echo '«30 9 * * *» true' > f", f"{IMPORT} f"),
    ),
    Case(
        "importing.crontab.schedule:read",
        f"{IMPORT} f",
        files={"f": "@dayly true\n"},
        then=("$ echo '«@daily» true' > f", f"{IMPORT} f"),
    ),
    Case(
        "taskfile.entry:_script#2",
        APPLY,
        files={"f.yaml": "tasks: [{name: z, path: [], cron: '0 9 * * *'}]\n"},
        then=(
            "$ mkdir t; touch t/run.sh; chmod +x t/run.sh; sed -i 's/path: ../path: t/' f.yaml",
            APPLY,
        ),
        says="Name that of its run.sh.",
    ),
    Case(
        "taskfile.weekdays:_unknown",
        APPLY,
        files={
            "f.yaml": "scheduler: {}\ntasks: [{name: a, cron: '0 9 * * 7', command: ['true']}]\n"
        },
        then=(f"{APPLY} «--weekdays cron»",),
    ),
    Case(
        "taskfile.weekdays:require_way",
        f"{APPLY} --weekdays odd",
        files={"f.yaml": "tasks: []\n"},
        then=(f"{APPLY} «--weekdays monday»",),
    ),
    Case(
        "intake.foreign:require_ours",
        f"{IMPORT} f.json",
        files={"f.json": '{"jobs": [{"id": 1, "schedule": {"kind": "cron"}}]}'},
        then=("«ncp schedule create --help»",),
    ),
    Case(
        "importing.readers.ncp:read#2",
        f"{IMPORT} f.json",
        files={"f.json": '{"version": "3.0", "tasks": {}, "timings": {}}'},
        then=("$ sed -i s/3.0/2.0/ f.json", f"{IMPORT} f.json"),
        says="Upgrade ncp",
    ),
    Case(
        "importing.readers.ncp:_timing",
        f"{IMPORT} f.json",
        files={
            "f.json": '{"tasks": {"a": {"name": "a", "command": ["true"], "timingId": "x"}},'
            ' "timings": {}}'
        },
        then=(
            '$ sed -i \'s/ngs": {}/ngs": {"x": {"cronExpression": "0 9 * * *"}}/\' f.json',
            f"{IMPORT} f.json",
        ),
        says="Add it to timings.",
    ),
    Case(
        "migrating.jobs:read",
        MIGRATE,
        before=(f"$ echo '[]' > {JOBS}",),
        then=(f"$ echo '{{\"jobs\": {{}}}}' > {JOBS}", MIGRATE),
        says="correct it by hand",
    ),
    Case(
        "migrating.jobs:read#2",
        MIGRATE,
        before=(f"""$ echo '{{"jobs": {{}}, "version": "7"}}' > {JOBS}""",),
        then=(f"""$ echo '{{"jobs": {{}}, "version": «"1.0.0"»}}' > {JOBS}""", MIGRATE),
    ),
    Case(
        "migrating.settings:read",
        MIGRATE,
        before=(f"""$ echo '{{"jobs": {{}}}}' > {JOBS}; echo 5 > "$NCP_HOME/config.json\"""",),
        then=("""$ echo '«{}»' > "$NCP_HOME/config.json\"""", MIGRATE),
    ),
    Case(
        "importing.own_crontab:read",
        OWN,
        files={"f": LINE},
        fill={"FILE": "f"},
        then=("«ncp schedule import FILE --format crontab»",),
    ),
    Case(
        "importing.own_crontab:read#2",
        OWN,
        files={"f": LINE},
        set_up=crontab,
        then=(f"{IMPORT} f",),
        says="Name a file",
    ),
    Case(
        "intake.opening:_read#3",
        f"{IMPORT} f",
        before=("$ head -c 70000000 /dev/zero > f",),
        then=("$ echo '0 9 * * * true' > f", f"{IMPORT} f"),
        says="Name the right file",
    ),
    Case(
        "taskfile.yaml_text:parse",
        APPLY,
        before=("$ (echo 'tasks: []'; yes '# x' | head -c 9000000) > f.yaml",),
        then=("$ head -1 f.yaml > g.yaml", "ncp schedule apply g.yaml"),
        says="Split it",
    ),
    Case(
        "taskfile.yaml_text:parse#3",
        APPLY,
        files={"f.yaml": "tasks: " + "[" * 3000},
        then=("$ echo 'tasks: []' > f.yaml", APPLY),
        says="Correct it by hand",
    ),
    Case(
        "taskfile.yaml_text:parse#2",
        APPLY,
        files={"f.yaml": "tasks: [\x07]\n"},
        then=("$ echo 'tasks: []' > f.yaml", APPLY),
        says="Correct it by hand",
    ),
    Case(
        "importing.readers.crontab:read",
        f"{IMPORT} f --dry-run",
        before=("$ yes '0 9 * * * true' | head -20001 > f",),
        then=("$ head -5 f > g", f"{IMPORT} g --dry-run"),
        says="Split it.",
    ),
    Case(
        "declaring.matching:_old",
        APPLY,
        before=(A, "ncp schedule create hourly --name a --allow-duplicate-name -- true"),
        files={"f.yaml": "tasks: [{name: a, schedule: daily, command: ['false']}]\n"},
        then=("«~ncp schedule update \\S+ --name »b", APPLY),
    ),
    Case(
        "cli.commands.export:command", f"{EXPORT} --format systemd", before=(A,), fill={"DIR": "d"}
    ),
    Case(
        "api.exporting.writing:write",
        f"{EXPORT} --output y",
        before=(A, "$ ln -s x y"),
        then=(f"{EXPORT} «--output» z",),
    ),
    Case(
        "api.exporting.writing:write#2",
        f"{EXPORT} --format systemd --output y",
        before=(A, "$ touch y"),
        then=(f"{EXPORT} --format systemd «--output» z",),
    ),
    Case(
        "api.exporting.writing:_taken",
        f"{EXPORT} --output y",
        before=(A, "$ touch y"),
        then=(f"{EXPORT} --output y «--force»",),
    ),
)
