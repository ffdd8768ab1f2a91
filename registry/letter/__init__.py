"""What things are: the values an office handles, each in a module named after it.

All are frozen, equal by value, and independent of the database and of mail. Those that
people write (letter numbers, references to entries, markings, addresses) read
themselves from text and print themselves again; text that is not one raises
:class:`registry.errors.NotUnderstood`, and never becomes another value.
"""
