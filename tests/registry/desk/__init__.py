"""Tests of the acts that take letters in."""
