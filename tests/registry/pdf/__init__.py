"""Tests of what is read from PDFs, and of their pictures."""
