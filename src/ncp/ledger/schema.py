"""Open state.db, and bring an older one up to date.

The C module is imported without its `sqlite3` wrapper, which adds `datetime`
and a millisecond to each firing and nothing that is used here.
"""

from __future__ import annotations

import os
import time
from _sqlite3 import SQLITE_BUSY, SQLITE_LOCKED, Connection, DatabaseError, OperationalError
from _sqlite3 import connect as _connect

from ncp.errors import BusyError, HomeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from ncp.errors import NcpError

FILE = "state.db"
BUSY_SECONDS = 20.0
HINDRANCES = (3, 5, 6, 7, 8, 10, 13, 14)
"""Not permitted, busy, locked, no memory, read-only, input or output failed, full, cannot open."""

MIGRATIONS = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE timings (
            id TEXT PRIMARY KEY, identity TEXT NOT NULL, at INTEGER, rules TEXT NOT NULL,
            offsets TEXT NOT NULL, since INTEGER NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE tasks (
            id TEXT PRIMARY KEY, timing_id TEXT NOT NULL, position INTEGER NOT NULL,
            name TEXT NOT NULL, status TEXT NOT NULL, argv BLOB NOT NULL, env BLOB NOT NULL,
            cwd TEXT, direct INTEGER NOT NULL, timeout REAL NOT NULL, grace REAL NOT NULL,
            active_since INTEGER NOT NULL, end_at INTEGER, max_executions INTEGER,
            fire_once INTEGER NOT NULL, catchup INTEGER NOT NULL)""",
        "CREATE INDEX tasks_of_timing ON tasks (timing_id, position)",
        # Counters outlive retention. `fired` and `last_slot` count scheduled executions
        # only: trying a task by hand uses up nothing.
        """CREATE TABLE task_state (
            task_id TEXT PRIMARY KEY, executions INTEGER NOT NULL DEFAULT 0,
            fired INTEGER NOT NULL DEFAULT 0, last_slot INTEGER, last_execution_id TEXT,
            last_started_at INTEGER, last_status TEXT) WITHOUT ROWID""",
        """CREATE TABLE slots (
            timing_id TEXT NOT NULL, slot INTEGER NOT NULL, claimed_at INTEGER NOT NULL,
            boot_id TEXT NOT NULL, pid INTEGER NOT NULL, pid_start TEXT NOT NULL,
            PRIMARY KEY (timing_id, slot)) WITHOUT ROWID""",
        """CREATE TABLE wakes (
            timing_id TEXT PRIMARY KEY, at INTEGER NOT NULL, outcome TEXT NOT NULL
            ) WITHOUT ROWID""",
        """CREATE TABLE executions (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, task_id TEXT NOT NULL,
            task_name TEXT NOT NULL, timing_id TEXT NOT NULL, slot INTEGER,
            attempt INTEGER NOT NULL DEFAULT 1, status TEXT NOT NULL, reason TEXT,
            exit_code INTEGER, signal INTEGER, planned_at INTEGER NOT NULL, started_at INTEGER,
            ended_at INTEGER, output TEXT, boot_id TEXT NOT NULL, pid INTEGER NOT NULL,
            pid_start TEXT NOT NULL, child_pid INTEGER, child_start TEXT,
            missed INTEGER NOT NULL DEFAULT 0, UNIQUE (task_id, slot, attempt))""",
        "CREATE INDEX executions_of_task ON executions (task_id, number)",
        "CREATE INDEX executions_of_timing ON executions (timing_id, number)",
        """CREATE INDEX executions_alive ON executions (timing_id)
            WHERE status IN ('planned', 'running')""",
    ),
    # An interval of `guard`, as text; empty where every slot counts.
    ("ALTER TABLE timings ADD COLUMN every TEXT NOT NULL DEFAULT ''",),
    # Peak memory in bytes and CPU time in microseconds.
    (
        "ALTER TABLE executions ADD COLUMN max_rss INTEGER",
        "ALTER TABLE executions ADD COLUMN cpu_us INTEGER",
    ),
    (
        # The newest slot of a task whose execution retention has removed.
        """CREATE TABLE forgotten (
            task_id TEXT PRIMARY KEY, slot INTEGER NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE cleanings (
            timing_id TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID""",
    ),
    # What a task reads, and what its own process looks up: secrets never lie here.
    (
        "ALTER TABLE tasks ADD COLUMN stdin BLOB",
        "ALTER TABLE tasks ADD COLUMN own BLOB NOT NULL DEFAULT x''",
        "ALTER TABLE tasks ADD COLUMN env_file BLOB",
    ),
    ("ALTER TABLE tasks ADD COLUMN overlap TEXT NOT NULL DEFAULT 'skip'",),
    # The numbers that `policies.retry_delay` takes, as text.
    ("ALTER TABLE tasks ADD COLUMN retries TEXT NOT NULL DEFAULT ''",),
    # The place in `policies.PRIORITIES`.
    ("ALTER TABLE tasks ADD COLUMN priority INTEGER NOT NULL DEFAULT 2",),
    # The numbers that `policies.within` takes, as text.
    ("ALTER TABLE tasks ADD COLUMN active_hours TEXT NOT NULL DEFAULT ''",),
    # Memory in MB, CPU seconds and files, as text (0: no limit); the nice level; 18 is octal 022.
    (
        "ALTER TABLE tasks ADD COLUMN limits TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE tasks ADD COLUMN nice INTEGER",
        "ALTER TABLE tasks ADD COLUMN umask INTEGER NOT NULL DEFAULT 18",
    ),
    # Who waits for a place under the cap of the home: see `ledger.places`.
    (
        "ALTER TABLE executions ADD COLUMN turn INTEGER",
        "ALTER TABLE executions ADD COLUMN asked INTEGER",
    ),
    # Seconds; and pairs of what must end how before, as in `CompiledTask`.
    (
        "ALTER TABLE tasks ADD COLUMN jitter REAL NOT NULL DEFAULT 0",
        "ALTER TABLE tasks ADD COLUMN after TEXT NOT NULL DEFAULT ''",
    ),
    # Processes that may have outlived their runner, whose rows are closed.
    (
        """CREATE TABLE orphans (
            id TEXT PRIMARY KEY, task_id TEXT NOT NULL, task_name TEXT NOT NULL,
            timing_id TEXT NOT NULL, boot_id TEXT NOT NULL, child_pid INTEGER,
            child_start TEXT) WITHOUT ROWID""",
    ),
    # What `steps.encoded` makes of a task's steps, and of each hook as of one step.
    (
        "ALTER TABLE tasks ADD COLUMN steps BLOB NOT NULL DEFAULT x''",
        "ALTER TABLE tasks ADD COLUMN on_failure BLOB NOT NULL DEFAULT x''",
        "ALTER TABLE tasks ADD COLUMN on_success BLOB NOT NULL DEFAULT x''",
        # Position 0 is the hook that ran afterwards.
        """CREATE TABLE steps (
            execution_id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
            status TEXT NOT NULL, reason TEXT, exit_code INTEGER, signal INTEGER,
            started_at INTEGER NOT NULL, ended_at INTEGER, max_rss INTEGER, cpu_us INTEGER,
            PRIMARY KEY (execution_id, position)) WITHOUT ROWID""",
        "CREATE INDEX steps_running ON steps (execution_id) WHERE status = 'running'",
    ),
    # The tool that a task calls (`server:tool`; empty: none), and its parameters as JSON.
    (
        "ALTER TABLE tasks ADD COLUMN tool TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE tasks ADD COLUMN parameters TEXT NOT NULL DEFAULT ''",
    ),
    # The first and the last of the slots that `missed` counts.
    (
        "ALTER TABLE executions ADD COLUMN missed_from INTEGER",
        "ALTER TABLE executions ADD COLUMN missed_to INTEGER",
    ),
    # What the daily log says of a program's arguments, secrets masked.
    ("ALTER TABLE tasks ADD COLUMN said TEXT NOT NULL DEFAULT ''",),
    # Why, where a program has to know: until here it compared sentences.
    (
        "ALTER TABLE executions ADD COLUMN cause TEXT",
        "ALTER TABLE steps ADD COLUMN cause TEXT",
        *(
            f"UPDATE {table} SET cause = 'lost' WHERE reason ="  # noqa: S608  two tables
            " 'its runner ended before it did, or could not record its end'"
            for table in ("executions", "steps")
        ),
    ),
)


class Transaction:
    """`with Transaction(connection):` writes all of it or nothing, after those before it."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._connection.execute("COMMIT")
        finally:  # a commit that fails leaves it open; a full disk may have ended it already
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


class Rehearsal(Transaction):
    """`with Rehearsal(connection):` sees what it writes, and takes it back at its end."""

    __slots__ = ()

    def __exit__(self, *_: object) -> None:
        self._connection.execute("ROLLBACK")


def wait_for_locks(connection: Connection, seconds: float = BUSY_SECONDS) -> None:
    """Say how long a statement waits where another process holds the lock; as usual by default."""
    connection.execute(f"PRAGMA busy_timeout={int(1000 * seconds)}")


def connect(home: str) -> Connection:
    """Open the ledger of a home, made or brought up to date where need be.

    Raises HomeError where the home is missing, its disk is full, or its ledger is
    damaged or of a newer ncp, and BusyError where another process keeps it locked.
    """
    path = f"{home}/{FILE}"
    _create(path, home)
    try:
        return _opened(path)
    except DatabaseError as error:
        raise told(error, path) from None
    except UnicodeDecodeError as error:  # SQLite quotes a schema that is no text
        raise damaged(str(error), path) from None


def is_hindered(error: DatabaseError) -> bool:
    """Tell a ledger that cannot be used now from a defect of ncp (sqlite.org/rescode.html)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in HINDRANCES


def told(error: DatabaseError, path: str) -> NcpError:
    """Put what SQLite says of a ledger into words: locked, not to be used now, or damaged."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {SQLITE_BUSY, SQLITE_LOCKED}:
        return BusyError(
            f"Another process keeps the ledger to itself: {error}.",
            where=path,
            next_step="Wait for it and try again.",
        )
    if (code and code not in HINDRANCES) or "decode" in str(error):  # Python's own has no code
        return damaged(str(error), path)
    if os.path.exists(path) and not os.path.isfile(path):
        return damaged("it is no file", path)
    return HomeError(
        f"The ledger cannot be used: {error}.",
        where=path,
        next_step="See that its disk has room, and that you may write there.",
    )


def damaged(words: str, path: str) -> HomeError:
    """Say what to move away; what is scheduled is in the document, and only the history goes."""
    home = "'" + os.path.dirname(path).replace("'", "'\\''") + "'"
    return HomeError(
        f"The ledger cannot be read: {words}. To go on without it, as without its history:",
        where=path,
        next_step=f"Run: mkdir -p {home}/damaged && mv {home}/{FILE}* {home}/damaged"
        " && ncp schedule sync",
    )


def require_whole(connection: Connection, path: str, most: int | None = None) -> None:
    """Refuse a damaged ledger; one of more than `most` bytes is not looked through.

    That takes seconds after a million executions.
    """
    size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    if most is not None and connection.execute(size).fetchone()[0] > most:
        return
    try:
        (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except DatabaseError as error:
        raise told(error, path) from None
    if answer != "ok":
        raise damaged(" ".join(answer.split()), path)


def _opened(path: str) -> Connection:
    connection = _connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        connection.close()
        raise HomeError(
            "A newer ncp wrote this ledger.", where=path, next_step="Upgrade ncp-scheduler."
        )
    if version < len(MIGRATIONS):
        _migrate(connection)
    _require_tables(connection, path)
    connection.execute("PRAGMA synchronous=NORMAL")
    # Firings leave the log as it is, so each one that comes alone reads all of it: keep it short.
    connection.execute("PRAGMA wal_autocheckpoint=250")
    return connection


def _require_tables(connection: Connection, path: str) -> None:
    """Refuse a ledger that lacks a table: without this only the firing would find that out."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for statements in MIGRATIONS:
        for statement in statements:
            if statement.startswith("CREATE TABLE"):
                name = statement.split(maxsplit=3)[2]
                if (name,) not in found:
                    connection.close()
                    raise damaged(f'its table "{name}" is missing', path)


def _create(path: str, home: str) -> None:
    """Make the file before SQLite does, which would let others read it.

    Only where it is missing: to close any file of it takes away the locks of
    every connection in this process, after which another one's end looks like
    the last and removes the log (SQLite, "How To Corrupt", 2.2).
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise HomeError(
            f"The ledger cannot be opened: {error.strerror}.",
            where=path,
            next_step=f"See that {home} is a folder that you may write.",
        ) from None


def _use_log(connection: Connection) -> None:
    """Switch to the write-ahead log.

    Where another process does the same, SQLite refuses at once rather than wait.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except OperationalError as error:
            if time.monotonic() > until or error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
                raise
            time.sleep(0.01)
        else:
            return


def _migrate(connection: Connection) -> None:
    _use_log(connection)
    with Transaction(connection):
        # Read again: two processes may have found the old version at once.
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
