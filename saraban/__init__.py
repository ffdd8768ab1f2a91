"""What people run and touch: commands, settings, pages."""
