"""How well letters are read: a corpus of letters with known truth, and the measurement over it."""
