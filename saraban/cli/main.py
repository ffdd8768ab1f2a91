"""The command ``saraban``: a table of its subcommands, each in a file of its own.

A subcommand's file is imported only when it is run, so that ``serve --only smtp`` loads nothing
it does not need. Errors of this system end in one line on stderr and the exit code that their
class carries: 0 done, 1 not well, 2 wrong usage, 3 could not run.
"""

import sys
from importlib import import_module
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from registry.errors import SarabanError

COMMANDS = {
    "init": "Make a new installation in a folder.",
    "demo": "Show the whole way of a letter on this machine.",
    "serve": "Run the services.",
    "db": "Bring the tables up to date, check them, list the steps.",
    "entity": "Legal entities: hosted here, or known by address.",
    "unit": "Units of an entity and their mailboxes.",
    "route": "Rules that bring a letter to a unit.",
    "officer": "People who send, register and look after letters.",
    "register": "List a book.",
    "letter": "Look at letters; accept, return, link them.",
    "search": "Find letters.",
    "number": "Numbers: start a series, reserve, use, void.",
    "queue": "Mail that waits to leave.",
    "spool": "Mail that has come in and is not yet entered.",
    "collect": "Fetch new mail from the mailboxes once.",
    "proof": "Prove that nothing is missing, doubled or changed.",
    "doctor": "Look for what is wrong with this installation.",
    "backup": "Write database, letters and keys into one file.",
    "restore": "Bring a backup back into an empty place.",
}


class Table(click.Group):
    """A group whose commands are looked up by name and imported late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the file of the command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"saraban.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn our errors into one line and an exit code."""
        try:
            return super().invoke(ctx)
        except SarabanError as error:
            click.echo(f"saraban: {error.thai} ({error})", err=True)
            sys.exit(error.exit_code)
        except OperationalError as error:
            click.echo(f"saraban: the database cannot be reached: {error.orig}", err=True)
            sys.exit(3)


@click.command(cls=Table, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="saraban")
def cli() -> None:
    """Official letters (หนังสือราชการ) by ordinary e-mail, in numbered registers."""
