"""How mail comes in: the listeners, the spool, and the way from raw bytes to the desk."""
