"""How mail goes out: the queue, what is written, and how it is handed on."""
