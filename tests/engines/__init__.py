"""Logs counted where they lie give the figures of the same rows read from a file; `make test-engines` installs what it takes."""
