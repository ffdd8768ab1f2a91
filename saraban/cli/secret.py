"""``saraban secret`` - how the files of secret letters are encrypted, and turning to a new key.

``rotate`` draws a new master key (with a KMS: takes the one that ``secrecy.kms_key`` names) and has
it open every encrypted file; only the small wrapped keys are written, however large the files. It
may be cut off at any moment: ``rotate --go-on`` finishes it. The old key stays in the folder, for
backups made before; nothing here opens with it any more.
"""

from collections import Counter
from functools import partial

import click

from gateway.service import Runtime
from registry.blobs import BlobStore
from registry.desk.found_secret import spread
from registry.disk import try_lock
from registry.errors import Conflict
from registry.secret import letters as secret_letters
from registry.secret.container import key_of
from registry.secret.keeping import Keeping
from registry.secret.keys import FileKeys
from registry.thai.numerals import thai_number
from saraban.cli.common import as_json, emit, say, with_runtime


@click.group()
def secret() -> None:
    """Files of secret letters: how they are encrypted, and turning to a new key."""


@secret.command()
@as_json
@with_runtime
def status(runtime: Runtime, *, as_json: bool) -> None:
    """Say how many files are encrypted, with which keys, and which letters wait for it."""
    used = _keys_in_use(runtime.blobs)
    with runtime.database.read() as session:
        waiting = len(secret_letters.due(session, runtime.clock.now(), 1000))
    if as_json:
        emit({"keys": dict(used), "current": runtime.blobs.secret.keys.current(), "due": waiting})
    say(f"ไฟล์ที่เข้ารหัส {thai_number(used.total())} ไฟล์ หนังสือที่รอเข้ารหัส {thai_number(waiting)} ฉบับ")
    for name, count in sorted(used.items()):
        say(f"  กุญแจ {name}: {thai_number(count)} ไฟล์")


@secret.command()
@with_runtime
def encrypt(runtime: Runtime) -> None:
    """Encrypt now what waits for it, though no service runs."""
    elsewhere = partial(spread, desk=runtime.desk)
    keeping = Keeping(runtime.database, runtime.blobs, runtime.clock, runtime.data_dir, elsewhere)
    count = 0
    while done := keeping.turn():
        count += done
    say(f"ตรวจไฟล์ของหนังสือ {thai_number(count)} ฉบับแล้ว")


@secret.command()
@click.option("--go-on", is_flag=True, help="Finish a rotation that was cut off; no new key.")
@with_runtime
def rotate(runtime: Runtime, *, go_on: bool) -> None:
    """Turn to a new master key; the letters' files are not written anew."""
    lock = try_lock(runtime.data_dir / "run" / "rotate.lock")
    if lock is None:
        raise Conflict("another rotation runs", thai="กำลังเปลี่ยนกุญแจอยู่แล้ว โปรดรอให้เสร็จ")
    store, keys = runtime.blobs.secret, runtime.blobs.secret.keys
    if isinstance(keys, FileKeys) and not go_on:
        keys.turn(runtime.clock.now().date())
    turned = sum(store.rewrap(sha256) for sha256 in list(store.all()))
    say(f"เปลี่ยนกุญแจแล้ว {thai_number(turned)} ไฟล์ กุญแจที่ใช้: {keys.current()}")
    if isinstance(keys, FileKeys) and keys.old():
        say("กุญแจเดิมยังอยู่ในโฟลเดอร์ keys สำหรับข้อมูลสำรองก่อนหน้านี้ โปรดสำเนากุญแจใหม่เก็บแยกไว้")


def _keys_in_use(blobs: BlobStore) -> Counter[str]:
    used: Counter[str] = Counter()
    for sha256 in blobs.secret.all():
        with blobs.secret.path(sha256).open("rb") as file:
            used[key_of(file, sha256)] += 1
    return used
