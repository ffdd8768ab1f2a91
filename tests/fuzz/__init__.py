"""Readers of strangers' bytes, tried with bytes that nobody would write.

:mod:`tests.fuzz.targets` says what must hold, :mod:`tests.fuzz.inputs` what is tried. A short run
is part of the tests; ``make fuzz`` runs for longer (:mod:`tests.fuzz.run`).
"""
