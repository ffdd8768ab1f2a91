"""Finding letters: what officers type, and the entries that hold it."""
