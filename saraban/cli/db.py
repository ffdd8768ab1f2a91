"""``saraban db`` - the tables: bring them up to date, check them, list the steps, print the SQL."""

import sys

import click

from gateway.service import Runtime
from registry import schema
from registry.db import Database
from saraban.cli.common import as_json, emit, say, show, with_runtime


@click.group()
def db() -> None:
    """Bring the tables up to date, check them, list the steps."""


@db.command()
@with_runtime
def upgrade(runtime: Runtime) -> None:
    """Run all missing steps; SQLite is copied to backups/ first."""
    database = Database.open(runtime.database_url)
    found = schema.current(database)
    copy = schema.upgrade(database, runtime.data_dir / "backups")
    if copy:
        say(f"สำรองฐานข้อมูลเดิมไว้ที่ {copy}")
    if found == schema.NEWEST:
        say(f"ฐานข้อมูลเป็นรุ่นล่าสุดแล้ว ({schema.NEWEST})")
    else:
        say(f"ปรับฐานข้อมูลจากรุ่น {found or 'ว่าง'} เป็น {schema.NEWEST} แล้ว")
    database.close()


@db.command()
@with_runtime
def check(runtime: Runtime) -> None:
    """Say whether the tables are the newest and as the program expects (exit 1 if not)."""
    database = Database.open(runtime.database_url)
    found = schema.current(database)
    drift = schema.differences(database) if found == schema.NEWEST else []
    for difference in drift:
        say(f"ต่างจากที่ควรเป็น: {difference}")
    database.close()
    if found != schema.NEWEST:
        say(f"ฐานข้อมูลเป็นรุ่น {found or 'ว่าง'} ต้องเป็น {schema.NEWEST}: สั่ง saraban db upgrade")
    if drift or found != schema.NEWEST:
        sys.exit(1)
    say(f"ฐานข้อมูลเป็นรุ่นล่าสุด ({found}) และครบถ้วน")


@db.command()
@as_json
def history(*, as_json: bool) -> None:
    """List the steps, oldest first."""
    steps = schema.history()
    if as_json:
        emit([{"revision": revision, "what": what} for revision, what in steps])
    else:
        show(steps, ("รุ่น", "เปลี่ยนอะไร"), "ยังไม่มีรุ่นของฐานข้อมูล")


@db.command()
@with_runtime
def sql(runtime: Runtime) -> None:
    """Print the SQL of all steps, for a database administrator to read."""
    database = Database.open(runtime.database_url)
    click.echo(schema.upgrade_sql(database))
    database.close()
