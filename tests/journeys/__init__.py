"""Whole ways through the system, with its real processes and real servers around it."""
