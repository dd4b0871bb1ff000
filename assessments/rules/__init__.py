"""The pure rules. Nothing here touches a file, a database, a screen, a clock or a random number."""

ENGINE = 1
"""Raised whenever the same answers can give another result."""
