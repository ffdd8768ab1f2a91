"""Figures for Prometheus: counters of all processes, and how things stand when asked."""
