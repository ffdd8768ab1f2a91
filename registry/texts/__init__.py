"""The text of letters' files, read in a process of its own, for search and for previews."""
