"""Setting up an office in a dialogue: the entity, its first officer, its relay, and a real mail.

Asked in Thai on a terminal. Whatever can be read wrongly is read back at once and asked again; an
empty answer leaves out the officer or the relay. With a relay the services are started for a
moment and a mail is sent to ourselves: out by the relay and back in at our door.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from gateway.service import Runtime
from gateway.settings import RelaySettings
from registry import directory
from registry.accounts import passwords, people
from registry.errors import OutOfOrder, SarabanError
from registry.letter.entity import Role
from saraban.cli.common import open_runtime
from saraban.doctor import neighbours
from saraban.installing import FirstEntity, add_relay, install

_TLS = click.Choice(["none", "starttls", "tls"])


def set_up(folder: Path, hostname: str) -> Path:
    """Ask, install, and try the way of mail; give the path of saraban.toml."""
    click.echo("ตั้งหน่วยงานแรกของระบบ (กด Ctrl-C เพื่อเลิก)")
    path = install(folder, hostname, _ask_entity())
    runtime = open_runtime(str(path))
    try:
        _ask_officer(runtime)
    finally:
        runtime.close()
    _ask_relay(path)
    _try(path)
    return path


def _ask_entity() -> FirstEntity:
    while True:
        first = FirstEntity(
            code=click.prompt("รหัสย่อ (อักษรอังกฤษ เช่น phrae)"),
            name=click.prompt("ชื่อหน่วยงาน (เช่น จังหวัดแพร่)"),
            domain=click.prompt("โดเมนอีเมล (เช่น phrae.go.th)"),
            letter_code=click.prompt("รหัสหนังสือ (เช่น พร ๐๐๒๓)"),
        )
        try:
            first.check()
        except SarabanError as error:
            click.echo(f"{error.thai} โปรดตอบใหม่")
        else:
            return first


def _ask_officer(runtime: Runtime) -> None:
    """Ask for the officer who registers letters, and their password."""
    while email := click.prompt(
        "อีเมลเจ้าหน้าที่สารบรรณ (เว้นว่างเพื่อเพิ่มภายหลัง)", default="", show_default=False
    ):
        secret = click.prompt("รหัสผ่านของเจ้าหน้าที่ (8 ตัวขึ้นไป)", hide_input=True)
        now = runtime.clock.now()
        try:
            with runtime.database.write() as session:
                own = directory.hosted(session)[0]
                people.add_officer(
                    session, own.id, email=email, role=Role.OFFICER, at=now, by="admin"
                )
                passwords.set_password(session, email, secret, at=now, by="admin")
        except SarabanError as error:
            click.echo(f"{error.thai} โปรดตอบใหม่")
        else:
            return


def _ask_relay(path: Path) -> None:
    """Ask for the host that carries our mail to others."""
    host = click.prompt("เครื่องส่งอีเมลขาออก (relay; เว้นว่างถ้ายังไม่มี)", default="", show_default=False)
    if not host:
        return
    relay = RelaySettings(
        host=host,
        port=click.prompt("พอร์ต", type=click.IntRange(1, 65535), default=25),
        tls=click.prompt("การเข้ารหัส", type=_TLS, default="starttls"),
        username=click.prompt("ชื่อผู้ใช้ของ relay (เว้นว่างถ้าไม่ต้องลงชื่อ)", default="", show_default=False),
    )
    secret = click.prompt("รหัสผ่านของ relay", hide_input=True) if relay.username else ""
    add_relay(path, relay, secret)


def _try(path: Path) -> None:
    """Offer to send ourselves a mail, where there is a relay to send it by."""
    runtime = open_runtime(str(path))
    try:
        if not any(relay.host for relay in runtime.gateway.relay):
            return
        if not click.confirm("ทดลองส่งจดหมายถึงตัวเองตอนนี้", default=True):
            return
        with _serving(path):
            for one in neighbours.round_trip(runtime):
                click.echo(f"{one.state.thai}  {one.what}" + (f" → {one.todo}" if one.todo else ""))
    finally:
        runtime.close()


@contextmanager
def _serving(path: Path) -> Iterator[None]:
    """Run the services for the length of the block."""
    command = [sys.executable, "-m", "saraban", "serve", "--config", str(path)]
    log = path.parent / "run" / "init.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        ) as services,
    ):
        assert services.stdout is not None
        try:
            if not services.stdout.readline().startswith(b"ready"):
                raise OutOfOrder(f"the services did not start; see {log}")
            yield
        finally:
            services.terminate()
