"""What goes wrong with MCP servers, in three parts."""

from __future__ import annotations

from ncp import extras
from ncp.errors import McpError

NOT_FOUND = 127
NOT_RUNNABLE = 126
CORRECT = "Correct its definition in mcp.json, or see: ncp mcp test {name}"


def installing() -> str:
    """Say the one command that puts the SDK into the environment that this program runs in."""
    return extras.installing("mcp")


class CannotStartError(McpError):
    """The program of a server that cannot be started; `exit_code` is what shells give for it."""

    def __init__(self, program: str, folder: str | None, error: OSError) -> None:
        # An OSError of a missing folder names the folder, one of a missing program the program.
        missing = isinstance(error, FileNotFoundError)
        lost = folder is not None and error.filename == folder
        what = f"Its folder {folder}" if lost else f'Its program "{program}"'
        reason = "is not found" if missing else f"cannot be used: {error.strerror}"
        super().__init__(f"{what} {reason}.", next_step="Correct its definition in mcp.json.")
        self.exit_code = NOT_FOUND if missing and not lost else NOT_RUNNABLE
