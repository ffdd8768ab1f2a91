"""Tests of what people run and touch."""
