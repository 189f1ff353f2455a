"""A home that becomes what a file says: `ncp schedule apply`.

`matching` finds the task that each entry of the file is about, `deed` decides and does it.
"""
