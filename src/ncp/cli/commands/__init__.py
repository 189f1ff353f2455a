"""One command, one module: `command` is the function, `EXAMPLE` a real invocation."""
