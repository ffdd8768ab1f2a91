"""Finding letters: what officers type, and the letters that hold it.

What others call:

- :func:`registry.search.query.search` (session, line, :class:`~registry.search.terms.Reader`,
  :class:`~registry.search.terms.Narrowing`, limit, cursor) gives a
  :class:`~registry.search.query.Page`: hits with the places that matched, total, cursor, notes,
  offers. :func:`registry.search.query.every` gives whole entries.
- :func:`registry.search.index.step` (database, clock, most) keeps the index in step; whoever runs
  the service calls it at least every second, and at once again while it gives more than 0.
  :func:`registry.search.index.lag` (session) tells how far it is behind.
- :func:`registry.search.rebuild.request` (session) has all documents made anew by those steps;
  :func:`registry.search.rebuild.progress` (session) tells how far that is.

How it works, from the outside in: ``line`` reads the query line into ``terms``; ``find`` goes
through the passes, asks ``candidates`` for documents that may answer and lets ``look`` compare
them; ``hits`` and ``places`` show what was found, ``offers`` what is near. ``document`` makes of a
letter what it is found by (``folding``, ``words``), ``grams`` what it is filed under, ``segments``
keeps the postings, ``upkeep`` makes and merges them, ``fetched`` has those of one search, ``bits``
reckons with them, ``engine`` knows which database it is. Why it is so: docs/decisions/0034.
"""
