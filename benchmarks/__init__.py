"""Measurements: ours and a peer's, in one run, by the scripts of this folder (``make bench``)."""
