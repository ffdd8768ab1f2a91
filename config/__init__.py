"""Sample configuration, letter codes and holidays, shipped inside the wheel."""
