"""The links listener: pages on which large enclosures wait, and onto which large files are laid."""
