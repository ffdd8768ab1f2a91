"""Tests of finding letters: the line, the index, access, and what is shown."""
