"""The pure rules. Nothing here touches a file, a database, a screen, a clock or a random number."""

ENGINE = 1
"""Incremented whenever the same answers can give a different result."""
