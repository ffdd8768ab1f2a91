"""``saraban init DIR`` - make a new installation: settings, keys, TLS, database, first entity.

Nothing that exists is overwritten: a folder that already holds ``saraban.toml`` is left alone.
"""

import sys
from pathlib import Path

import click

from registry.errors import Conflict, SarabanError
from saraban.cli.common import say
from saraban.installing import FirstEntity, install


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
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
    if (folder / "saraban.toml").exists():
        raise Conflict(
            f"{folder}/saraban.toml is already there: nothing was changed",
            thai=f"มีการติดตั้งอยู่แล้วที่ {folder} ไม่ได้แก้ไขสิ่งใด",
        )
    if code is None and sys.stdin.isatty():
        code, name, domain, letter_code = _ask()
    first = None
    if code is not None:
        if not (name and domain and letter_code):
            raise click.UsageError("--entity needs --name, --domain and --letter-code as well")
        first = FirstEntity(code, name, domain, letter_code)
    path = install(folder, hostname, first)
    say(f"ติดตั้งแล้วที่ {path.parent}")
    say(f"ขั้นต่อไป: saraban serve --config {path}")


def _ask() -> tuple[str, str, str, str]:
    """Ask for the first entity, in Thai, on a terminal."""
    click.echo("ตั้งหน่วยงานแรกของระบบ (กด Ctrl-C เพื่อเลิก)")
    code = click.prompt("รหัสย่อ (อักษรอังกฤษ เช่น phrae)", type=str)
    name = click.prompt("ชื่อหน่วยงาน (เช่น จังหวัดแพร่)", type=str)
    domain = click.prompt("โดเมนอีเมล (เช่น phrae.go.th)", type=str)
    while True:
        letter_code = click.prompt("รหัสหนังสือ (เช่น พร ๐๐๒๓)", type=str)
        try:
            FirstEntity(code, name, domain, letter_code).check()
        except SarabanError as error:
            click.echo(error.thai)
        else:
            return code, name, domain, letter_code
