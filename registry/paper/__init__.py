"""What stands on a letter's paper, read into fields by rules: pure functions, a file a subject."""
