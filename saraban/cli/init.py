"""``saraban init DIR`` - make a new installation: settings, keys, TLS, database, first entity.

Nothing that exists is overwritten: a folder that already holds an installation is left alone. On a
terminal, without options, a dialogue in Thai asks for what is needed and ends in a mail that goes
out by the relay and comes back in (:mod:`saraban.cli.dialogue`).
"""

import sys
from pathlib import Path

import click

from saraban.cli.common import say
from saraban.installing import FirstEntity, install


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--entity", "code", metavar="CODE", help="Code of the first hosted entity.")
@click.option("--name", help="Its name in Thai.")
@click.option("--domain", help="Its mail domain; the central address is saraban@DOMAIN.")
@click.option("--letter-code", help="Head of its letter numbers, as in 'มท ๐๘๑๐'.")
@click.option("--hostname", default="localhost", help="Name of this host in greetings.")
def init(
    folder: Path,
    code: str | None,
    name: str | None,
    domain: str | None,
    letter_code: str | None,
    hostname: str,
) -> None:
    """Write DIR/saraban.toml, keys, TLS and database; with options, the first entity too."""
    given = (code, name, domain, letter_code)
    if not any(given) and sys.stdin.isatty():
        from saraban.cli.dialogue import set_up

        path = set_up(folder, hostname)
    else:
        first = FirstEntity(*(word or "" for word in given)) if any(given) else None
        if first is not None and not all(given):
            raise click.UsageError("--entity, --name, --domain and --letter-code go together")
        path = install(folder, hostname, first)
    say(f"ติดตั้งแล้วที่ {path.parent}")
    say(f"ขั้นต่อไป: saraban serve --config {path}")
