"""The steps, oldest first; one file a step."""
