"""The command line, `haetae …`: one module a group."""
