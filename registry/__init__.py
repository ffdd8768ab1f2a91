"""The office: letters, numbers, books, search and records.

Everything that a ข้อ of the ระเบียบงานสารบรรณ speaks about lives here, and nothing
that an RFC speaks about. The package imports neither ``gateway`` nor ``saraban``;
it is plain synchronous code whose functions take the database session as their
first argument. What leaves it are the frozen values of :mod:`registry.letter`,
never the objects of the database.
"""
