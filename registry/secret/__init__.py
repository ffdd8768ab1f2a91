"""Letters of a grade of secrecy: which they are, and where their bytes lie encrypted."""
