"""The first version's home taken over: its jobs, its history, its settings, its OS entries.

`jobs`, `fields`, `history` and `settings` read its files without any effect, `merging`
puts the jobs among the tasks that are there, `entries` finds what the OS still holds of it,
`deed` does all of it in an order that loses nothing.
"""
