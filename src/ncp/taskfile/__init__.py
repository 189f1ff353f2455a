"""The declarative file, YAML or JSON with a list of tasks: read, checked, described, written.

`trees` gives its values with their lines, `reading` the file as a whole, `entry` one task of it,
`shorthand`, `weekdays` and `written` the short forms, `schema` describes it to editors.
"""
