"""Tests of the office: letters, numbers, books, search and records."""
