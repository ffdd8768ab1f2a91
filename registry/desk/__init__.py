"""The acts of the office, one verb a file; each takes a session first."""
