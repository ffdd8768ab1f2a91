"""Tests of the acts by which letters leave the office."""
