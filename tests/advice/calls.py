"""Rows for the Python API: its errors say what to write in Python."""

from __future__ import annotations

from advice.following import Case

A = "ncp schedule create daily --name a -- true"
PAST = "datetime(2020, 1, 1, tzinfo=UTC)"
CASES: tuple[Case, ...] = (
    Case(
        "api.options:checked",
        '>>> s.create_task("daily", ["true"], descripton="x")',
        then=('>>> s.create_task("daily", ["true"], «description»="x")',),
    ),
    Case(
        "api.options:words",
        '>>> s.create_task("daily", "echo hi")',
        then=(">>> s.create_task('daily', «['echo', 'hi']»)",),
    ),
    Case(
        "api.options:words",
        '>>> s.create_task("daily", "echo hi | wc")',
        then=(""">>> s.create_task("daily", «'echo hi | wc', shell=True»)""",),
    ),
    Case(
        "api.options:words#2",
        '>>> s.create_task("daily", b"echo")',
        then=('>>> s.create_task("daily", «["/usr/bin/rsync", "-a", "/home"]»)',),
    ),
    Case(
        "api.options:require_text",
        '>>> s.create_task(5, ["true"])',
        then=('>>> s.create_task(«"weekdays at 9am"», ["true"])',),
    ),
    Case(
        "api.options:_plain",
        '>>> s.create_task("daily", ["true"], end_date=datetime(2030, 1, 1))',
        then=('>>> s.create_task("daily", ["true"], end_date=datetime(2030, 1, 1).astimezone())',),
        says="value.astimezone()",
    ),
    Case(
        "api.options:_plain",
        '>>> s.create_task("daily", ["true"], description=object())',
        then=('>>> s.create_task("daily", ["true"], description="text")',),
        says="Write text",
    ),
    Case(
        "api.reading:executions",
        ">>> s.executions(limit=0)",
        then=(">>> s.executions(«limit=50»)",),
    ),
    Case(
        "api.switching:_chosen",
        ">>> s.pause()",
        before=(A,),
        then=(">>> s.pause(«everything=True»)",),
    ),
    Case(
        "api.reading:_require_status",
        '>>> s.list_tasks(status="odd")',
        then=('>>> s.list_tasks(status="«active»")',),
    ),
    Case(
        "api.reading:_require_moment",
        '>>> s.executions(since="today")',
        then=(">>> s.executions(since=«datetime.now(UTC) - timedelta(hours=1)»)",),
    ),
    Case(
        "api.making:require_work",
        '>>> s.create_task("every day at 9am")',
        then=('>>> s.create_task("every day at 9am", ["«/usr/bin/true»"])',),
    ),
)
