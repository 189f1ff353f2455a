"""Tools of MCP servers: which servers there are, what they offer, one call of a tool."""
