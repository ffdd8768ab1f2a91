"""The pages, one file each; the module names a ``router``, which ``saraban.web.routes`` finds."""
