"""The durable record: what was claimed, what ran, and the compiled copy of the schedule.

One SQLite database, `state.db` in the home. `schema` opens it, `compiled` holds
what a firing needs to know, `record` what it writes, `history` what people read.
Instants are whole epoch milliseconds, slots are UTC minutes.
"""
