"""Tests of Thai digits, dates, text, order and columns."""
