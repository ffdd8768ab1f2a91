"""Real servers for the tests: PostgreSQL, Postfix, Dovecot, ClamAV and Knot DNS.

Each runs in a folder of its own.

They listen on loopback only, on ports that were free, and end with the test run even
if it is killed: a keeper process stands beside each server and watches the run.
"""
