"""Tests of the values an office handles."""
