"""The command ``saraban``: a table of its subcommands, each in a file of its own.

A subcommand's file is imported only when it is run, so that ``serve --only smtp`` loads nothing
it does not need. Errors of this system end in one line on stderr and the exit code that their
class carries: 0 done, 1 not well, 2 wrong usage, 3 could not run. A database or a disk that does
not answer is 3 as well. Anything else is a bug of ours and shows where it happened.
"""

import sys
from importlib import import_module
from typing import Any

import click

from registry import loading
from registry.errors import OutOfOrder, SarabanError

COMMANDS = {
    "init": "Make a new installation in a folder.",
    "demo": "Show the whole way of a letter on this machine.",
    "serve": "Run the services.",
    "db": "Bring the tables up to date, check them, list the steps.",
    "entity": "Legal entities: hosted here, or known by address.",
    "unit": "Units of an entity and their mailboxes.",
    "route": "Rules that bring a letter to a unit.",
    "officer": "People who send, register and look after letters.",
    "token": "Programs that use the API, and what they may do.",
    "register": "Books: list, print, close a year; paper letters; take an old register over.",
    "evidence": "Print all that is known of one number, as PDF.",
    "letter": "Look at letters; accept, return, link them.",
    "read": "Have the files and the paper of a letter read again.",
    "calls": "Letters that nobody acknowledged: whom to telephone.",
    "link": "Pages on which large files wait: list, reissue, revoke.",
    "search": "Find letters.",
    "number": "Numbers: start a series, reserve, use, void.",
    "dkim": "Keys that sign our mails, and their DNS records.",
    "queue": "Mail that waits to leave.",
    "spool": "Mail that has come in and is not yet entered.",
    "collect": "Fetch new mail from the mailboxes once.",
    "proof": "Prove that nothing is missing, doubled or changed.",
    "secret": "Files of secret letters: how they are encrypted, and turning to a new key.",
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
        loading.loaded()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn what went wrong into one line and an exit code."""
        try:
            return super().invoke(ctx)
        except SarabanError as error:
            _end(error.thai, str(error), error.exit_code)
        except BrokenPipeError:
            raise  # click ends quietly when whoever reads our output has seen enough
        except OSError as error:
            _end("ระบบแฟ้มหรือเครือข่ายไม่ตอบ โปรดตรวจแล้วสั่งใหม่", str(error), OutOfOrder.exit_code)
        except Exception as error:
            why = _of_database(error)
            if why is None:
                raise
            _end("ติดต่อฐานข้อมูลไม่ได้ โปรดตรวจว่าฐานข้อมูลทำงานอยู่", why, OutOfOrder.exit_code)


def _of_database(error: Exception) -> str | None:
    """Give in one line why the database could not be used; None for any other error."""
    from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

    from registry.db import database_is_away

    if isinstance(error, (ArgumentError, NoSuchModuleError)):
        return f"database.url: {error}"
    if isinstance(error, OperationalError) or database_is_away(error):
        assert isinstance(error, DBAPIError)
        return f"the database cannot be used: {error.orig}"
    return None


def _end(thai: str, english: str, code: int) -> None:
    line = " ".join(f"saraban: {thai} ({english})".split())
    click.echo(line, err=True)
    sys.exit(code)


@click.command(cls=Table, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="saraban")
def cli() -> None:
    """Official letters (หนังสือราชการ) by ordinary e-mail, in numbered registers."""
