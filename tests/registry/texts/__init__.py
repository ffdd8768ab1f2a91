"""Tests of the text of letters' files."""
