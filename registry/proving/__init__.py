"""The single proofs that :mod:`registry.proof` puts together, one claim a module.

Each recomputes what it claims from the tables and gives the problems it found; each streams, so
that a book of any size is proven in flat memory.
"""
