"""The books as they are read and printed: lines, forms 13 and 14, lists, and closing a year."""
