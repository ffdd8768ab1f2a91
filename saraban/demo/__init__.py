"""The demonstration: real agencies on loopback, a real letter, its enclosures and its answer."""
