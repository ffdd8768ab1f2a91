"""The entry point of ``saraban`` and of ``python -m saraban``."""

from registry import loading

loading.begin()

from saraban.cli.main import cli  # noqa: E402 - the collector rests while this is loaded


def main() -> None:
    """Run the command line."""
    cli(prog_name="saraban")


if __name__ == "__main__":
    main()
