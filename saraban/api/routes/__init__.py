"""The paths of the API, one subject a file; each file has a ``router``."""
