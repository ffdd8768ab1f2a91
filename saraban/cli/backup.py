"""``saraban backup FILE`` - database, letters, keys and settings in one file, beside the service.

The file is as secret as the data folder. Files of secret letters are in it encrypted, and their
key is not: keep a copy of ``keys/secret*.key`` elsewhere, or say ``--with-secret-key``. A backup
that was never restored is a hope: bring it back into another folder now and then
(``saraban restore FILE DIR``), which ends in a proof.
"""

import sys
from pathlib import Path

import click

from gateway.service import Runtime
from registry.backup import backup as write_backup
from registry.letter.enclosure import human_size
from registry.thai.numerals import thai_number
from saraban.cli.common import as_json, emit, say, with_runtime

_NO_KEY = (
    "ไม่ได้สำรองกุญแจของหนังสือลับ (keys/secret*.key) โปรดเก็บสำเนากุญแจแยกไว้ ถ้ากุญแจหายจะเปิดไฟล์หนังสือลับไม่ได้"
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--with-secret-key", is_flag=True, help="Put the keys of secret letters into it.")
@as_json
@with_runtime
def backup(runtime: Runtime, file: Path, *, with_secret_key: bool, as_json: bool) -> None:
    """Write everything into FILE, which must not be there (exit 1 if a content is missing)."""
    made = write_backup(
        runtime.database, runtime.blobs, runtime.data_dir, file, at=runtime.clock.now(),
        with_secret_keys=with_secret_key,
    )  # fmt: skip
    if as_json:
        emit({"file": str(file), "bytes": file.stat().st_size, "made_at": made.made_at,
              "engine": made.engine, "schema": made.schema, "contents": made.blobs,
              "missing": list(made.missing)})  # fmt: skip
    say(
        f"สำรองแล้วที่ {file} ({human_size(file.stat().st_size)}): ฐานข้อมูล กุญแจ "
        f"และไฟล์ {thai_number(made.blobs)} ไฟล์ โปรดเก็บเป็นความลับ"
    )
    if not with_secret_key and any((runtime.data_dir / "keys").glob("secret*.key")):
        say(_NO_KEY)
    for sha256 in made.missing:
        say(f"ไม่พบไฟล์ {sha256} ในที่เก็บ")
    if made.missing:
        sys.exit(1)
