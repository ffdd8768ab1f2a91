"""PDF files: their text for search, their pages as pictures."""
