"""Looking at an installation from all sides, and saying in Thai what to do about what is wrong."""
