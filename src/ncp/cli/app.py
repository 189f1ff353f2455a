"""The tree of commands: a row for each, its module loaded only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, get_type_hints

import click
import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.main import get_command

from ncp.cli import habits
from ncp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = "ncp.cli.commands"


TAIL = "words"
"""The argument that a command line holds behind `--`, and nowhere else."""
READS_WORDS = {TAIL, "schedule", "tasks"}
"""Arguments after which a word too many is mostly one of a command, or of the schedule."""


class Command(TyperCommand):
    """A command whose help lists its arguments once: by typer, not by click 8.5 too.

    What it is to run stands behind `--`; other words that it has no place for are refused with
    the corrected line.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before `--`; what stands behind is the command."""
        arguments = {one.name for one in self.params if isinstance(one, TyperArgument)}
        if ctx.resilient_parsing or READS_WORDS.isdisjoint(arguments):
            return super().parse_args(ctx, args)
        from ncp.cli import surplus  # noqa: PLC0415  only these commands need the API

        head, tail = surplus.apart(args) if self._takes_command else (args, [])
        ctx.allow_extra_args = True
        try:
            left = super().parse_args(ctx, [*head])  # which it empties
        except click.NoSuchOption as error:
            found = None if tail else surplus.refused(ctx.command_path, self.params, head)
            raise found or error from None
        if left or len(ctx.params.get("tasks") or ()) > 1:
            found = surplus.refused(ctx.command_path, self.params, head, tail)
            if found:
                raise found
        if left:
            ctx.fail(f"Got unexpected extra arguments ({' '.join(left)})")
        if self._takes_command:
            ctx.params[TAIL] = tail
        return []

    @property
    def _takes_command(self) -> bool:
        return any(one.name == TAIL and str(one.metavar).startswith("--") for one in self.params)

    def make_parser(self, ctx: click.Context) -> Any:
        """Leave out what stands behind `--`."""
        kept = self.params
        self.params = [one for one in kept if not (self._takes_command and one.name == TAIL)]
        try:
            return super().make_parser(ctx)
        finally:
            self.params = kept

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Leave it to typer's `format_options`."""


class Lazy(TyperGroup):
    """A group whose rows are (command, module); a group's module is a Lazy itself."""

    rows: ClassVar[dict[str, str]] = {}
    hidden_rows: ClassVar[dict[str, str]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """List the commands in the order of the table."""
        return list(self.rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Load one command."""
        module = self.rows.get(cmd_name) or self.hidden_rows.get(cmd_name)
        if module is None:
            return None
        return _load(cmd_name, module, hidden=cmd_name in self.hidden_rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        name, path = args[0], ctx.command_path
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            line = self.meant(path, args) if name else ""
            step = f"Write: {line}" if line else f"See: {path} --help"
            raise InputError(f'"{name}" is not a command.', where=path, next_step=step)
        return super().resolve_command(ctx, args)

    def meant(self, path: str, args: list[str]) -> str:
        """Write the line that was meant where the first word is no command; empty if unknown."""
        return habits.written(path, args, self.rows)


class ScheduleGroup(Lazy):
    """`ncp schedule`."""

    rows: ClassVar[dict[str, str]] = {
        name: name if name not in {"list", "next", "import"} else f"{name}_"
        for name in (
            *("create", "list", "get", "update", "pause", "resume", "delete", "run", "catchup"),
            *("executions", "show", "logs", "stats", "next", "explain", "plan", "sync", "cleanup"),
            *("migrate", "import", "apply", "export"),
        )
    }


class Root(Lazy):
    """`ncp`."""

    rows: ClassVar[dict[str, str]] = {
        "schedule": "",
        "compile": "compile_",
        "mcp": "",
        "doctor": "doctor",
        "daemon": "",
        "schema": "schema",
        "uninstall": "uninstall",
    }
    hidden_rows: ClassVar[dict[str, str]] = {
        "_timing-run": "timing_run",
        "_task-execute": "task_execute",
        "_refresh": "refresh",
        "_settle": "settle",
    }

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command or group."""
        return GROUPS[cmd_name]() if cmd_name in GROUPS else super().get_command(ctx, cmd_name)

    def meant(self, path: str, args: list[str]) -> str:
        """Also the commands of `ncp schedule`, met without it."""
        if args[0].lower() in ScheduleGroup.rows:
            return habits.moved(args[0].lower(), args[1:])
        return super().meant(path, args) or habits.moved_near(args, ScheduleGroup.rows)


class DaemonGroup(Lazy):
    """`ncp daemon`."""

    rows: ClassVar[dict[str, str]] = {"run": "daemon_run"}


class McpGroup(Lazy):
    """`ncp mcp`."""

    rows: ClassVar[dict[str, str]] = {
        name: f"mcp_{name}"
        for name in ("servers", "add", "remove", "import", "test", "tools", "call")
    }


def _load(name: str, module: str, *, hidden: bool) -> click.Command:
    loaded = import_module(f"{COMMANDS}.{module}")
    made = typer.Typer(add_completion=False, rich_markup_mode=None)
    made.command(
        name,
        cls=Command,
        short_help=loaded.command.__doc__.partition("\n")[0],  # whole, in the list of commands
        epilog=f"Example: {loaded.EXAMPLE}",
        hidden=hidden,
    )(loaded.command)
    return _with_tags(_with_help(get_command(made), loaded.command))


def _with_help(made: click.Command, function: Callable[..., object]) -> click.Command:
    """Give arguments their help texts: from click 8.5 on, typer's own way loses them."""
    hints = get_type_hints(function, include_extras=True)
    for parameter in made.params:
        if isinstance(parameter, TyperArgument):
            for info in getattr(hints[parameter.name or ""], "__metadata__", ()):
                parameter.help = info.help
    return made


def _with_tags(made: click.Command) -> click.Command:
    """Give a command that takes TASK|TIMING the option --tag, which stands for such a word."""
    for place, parameter in enumerate(made.params):
        if isinstance(parameter, TyperArgument) and str(parameter.metavar)[:11] == "TASK|TIMING":
            from ncp.cli.tagging import Tagged  # noqa: PLC0415  only these commands need it

            made.params.insert(place + 1, Tagged(parameter))
            break
    return made


def _group(cls: type[Lazy], name: str, text: str, example: str) -> click.Command:
    made = typer.Typer(
        name=name,
        cls=cls,
        help=text,
        epilog=f"Example: {example}",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        callback=lambda: None,
    )
    return get_command(made)


GROUPS = {
    "schedule": lambda: _group(
        ScheduleGroup,
        "schedule",
        "Make, look at and change scheduled tasks.",
        'ncp schedule create "weekdays at 9am" -- rsync -a /home /backup',
    ),
    "mcp": lambda: _group(
        McpGroup,
        "mcp",
        "The MCP servers whose tools tasks can call.",
        "ncp mcp add files -- npx -y @modelcontextprotocol/server-filesystem /srv",
    ),
    "daemon": lambda: _group(
        DaemonGroup,
        "daemon",
        "The embedded scheduler, for machines that have no other.",
        "ncp daemon run",
    ),
}


def _version(value: bool) -> None:
    if value:
        from ncp import __version__  # noqa: PLC0415  only when asked for

        typer.echo(f"ncp-scheduler {__version__}")
        raise typer.Exit


def _root(
    context: typer.Context,
    version: bool = typer.Option(
        False, "--version", "-V", callback=_version, is_eager=True, help="Show the version."
    ),
    debug: bool = typer.Option(False, "--debug", help="Show a traceback with an error."),
    json: bool = typer.Option(
        False, "--json", help="Print JSON; for commands, write it at the end."
    ),
) -> None:
    """Compile schedules into the scheduler that this machine already has.

    Without a command: what is scheduled here, what comes next, what went wrong.
    """
    del version, debug  # handled before
    if context.invoked_subcommand is None:
        from ncp.cli.commands import overview  # noqa: PLC0415  only when asked for

        overview.command(json=json)
    elif json:
        raise click.UsageError('"--json" comes after the command.', context)


def _app() -> click.Command:
    made = typer.Typer(
        cls=Root,
        invoke_without_command=True,
        rich_markup_mode=None,
        epilog='Example: ncp schedule create "every 5 minutes" -- date',
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    made.callback()(_root)
    return get_command(made)


app = _app()
