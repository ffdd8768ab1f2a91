"""Tests of what leaves: composing, budget, queue and relay."""
