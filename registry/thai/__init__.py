"""Thai as an office writes it: digits, dates, broken text, order and columns.

Nothing here knows what a letter is. Every module takes text and gives text, or a
plain value of the standard library.
"""
