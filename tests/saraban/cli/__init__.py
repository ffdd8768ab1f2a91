"""The commands, run as people run them but in this process."""
