"""Real servers for the tests: PostgreSQL, Postfix, Dovecot, ClamAV and Knot DNS.

Each runs in a folder of its own, listens on loopback only, on ports that were free, and ends
with the test run even if that is killed: a keeper process stands beside it and watches the run.
"""
