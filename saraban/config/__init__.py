"""Reading saraban.toml and describing its keys."""
