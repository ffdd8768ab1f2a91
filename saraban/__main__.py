"""The entry point of ``saraban`` and of ``python -m saraban``."""

from saraban.cli.main import cli


def main() -> None:
    """Run the command line."""
    cli(prog_name="saraban")


if __name__ == "__main__":
    main()
