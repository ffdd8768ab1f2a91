"""How the tables came to be: alembic's environment and one file a step."""
