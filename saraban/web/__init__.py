"""The officers' pages: one file of handlers and one template for each page."""
