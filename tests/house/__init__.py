"""The rules of this house, as tests: what ruff, mypy and import-linter cannot say."""
