"""Tests of the pages on which large files wait."""
