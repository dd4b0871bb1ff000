"""What is found of a PDF in a process of its own; known on both ends, and nothing else is imported for it."""

READABLE, PROTECTED, EMPTY = b"readable", b"protected", b"empty"
