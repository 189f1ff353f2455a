"""The door to all commands: every error leaves here, in three parts, with its exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ncp import errors
from ncp.cli import flags, output
from ncp.cli.app import app
from ncp.errors import InputError, NcpError

if TYPE_CHECKING:
    from collections.abc import Sequence


def enter(argv: Sequence[str]) -> int:
    """Run one command and return its exit code; a traceback shows only with --debug."""
    arguments = list(argv)
    debug = "--debug" in arguments[: _end_of_options(arguments)]
    if debug:
        arguments.remove("--debug")
    try:
        code = app(arguments, prog_name="ncp", standalone_mode=False)
    except NcpError as error:
        return _report(error, error.exit_code, debug=debug)
    except click.ClickException as error:
        return _usage(error)
    except click.Abort:
        raise KeyboardInterrupt from None
    except BrokenPipeError:
        raise
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):  # click's way of saying so
            raise left.__context__ from None
        raise
    except Exception as error:  # noqa: BLE001  the last resort: a defect must not show as a traceback
        found = _told(error)
        return _report(found, found.exit_code, debug=debug)
    if code == errors.INTERRUPTED:  # typer's way of saying so, and what a stopped run returns
        output.talk("Interrupted.")
    return code if isinstance(code, int) else errors.DONE


def _end_of_options(arguments: list[str]) -> int:
    """Where `--` ends ncp's own options: what follows belongs to the task."""
    return arguments.index("--") if "--" in arguments else len(arguments)


def _told(error: Exception) -> NcpError:
    """Put what nobody foresaw into three parts."""
    if isinstance(error, OSError):
        if output.acted and error.filename is None:
            raise error  # what is done is done: only the report on it cannot be written
        place = output.visible(error.filename or "")
        return InputError(f"{error.strerror or error}.", where=place, next_step="Run: ncp doctor")
    return NcpError(
        f"A defect of ncp: {type(error).__name__}: {error}.",
        next_step="Please report it with what this prints: the same command with --debug",
    )


def _report(error: NcpError, code: int, *, debug: bool) -> int:
    if debug:
        import traceback  # noqa: PLC0415  4 ms, rarely asked for

        output.talk(traceback.format_exc().rstrip())
    output.error(error.what, where=error.where, next_step=error.next_step)
    return code


def _usage(error: click.ClickException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):  # a group alone: its help, no error
        output.data(error.format_message())
        return errors.DONE
    if isinstance(error, click.BadParameter) and error.param and error.param.opts:
        option = error.param.opts[0]  # the long one
        if advice := flags.advice(option):
            output.error(f"{error.message}", where=option, next_step=advice)
            return errors.BAD_INPUT
    named = error.option_name if isinstance(error, click.BadOptionUsage) else ""
    if advice := flags.advice(named):
        output.error(error.format_message(), where=named, next_step=advice)
        return errors.BAD_INPUT
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "ncp"
    output.error(error.format_message(), where=path, next_step=f"See: {path} --help")
    return errors.BAD_INPUT
