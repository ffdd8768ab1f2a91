"""Kills at random moments under load, and what must hold afterwards; long form: make campaign."""
