"""Bringing a backup back into an empty place, checked byte by byte on the way.

Files go into a folder aside within the data folder and move to their places when the whole archive
was read and every digest was right; so an archive that was cut off or damaged leaves the place
empty. A database server's copy is loaded last, in one transaction. Whoever restores runs the
proof afterwards (:mod:`registry.proof`).

Limit: a backup of SQLite comes back as SQLite and one of PostgreSQL as PostgreSQL.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from registry.archive import BLOB, MANIFEST, Hashing, Manifest, Source, members
from registry.db import Database
from registry.dumps import load
from registry.errors import Conflict, OutOfOrder

_ASIDE: Final = ".restoring"
_BLOCK: Final = 1 << 20
_SUFFIX: Final = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}


def restore(source: Path, data_dir: Path, database_url: str = "") -> Manifest:
    """Restore the archive and give its manifest.

    The data folder must be empty or not there; the database named by the URL (empty: saraban.db in
    the data folder) must be empty too. Raises Conflict when they are not, OutOfOrder when the
    archive is not whole or of another engine.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(data_dir.iterdir()):
        raise Conflict(
            f"{data_dir} is not empty", thai=f"โฟลเดอร์ {data_dir} ไม่ว่าง โปรดกู้คืนลงโฟลเดอร์ว่าง"
        )
    aside = data_dir / _ASIDE
    aside.mkdir(mode=0o700)
    try:
        manifest = _unpack(source, aside)
        _load(manifest, aside, database_url or f"sqlite:///{data_dir / 'saraban.db'}")
        for path in sorted(aside.iterdir()):
            path.rename(data_dir / path.name)
    except BaseException:
        for left in data_dir.glob("saraban.db*"):
            left.unlink()
        raise
    finally:
        shutil.rmtree(aside)
    return manifest


def _unpack(source: Path, folder: Path) -> Manifest:
    """Write all members into the folder, and give the manifest when all are right."""
    digests: dict[str, str] = {}
    blobs, manifest = 0, None
    with members(source) as found:
        for name, file in found:
            if name == MANIFEST:
                manifest = Manifest.from_json(file.read())
                continue
            sha256 = _put(file, folder, name)
            blob = BLOB.fullmatch(name)
            if blob is None:
                digests[name] = sha256
            elif blob[3] != sha256:
                raise _damaged(name)
            else:
                blobs += 1
    if manifest is None:
        raise _damaged("the end")
    wrong = dict(digests.items() ^ manifest.files.items())
    if wrong or blobs != manifest.blobs:
        raise _damaged(min(wrong, default="blobs"))
    return manifest


def _load(manifest: Manifest, folder: Path, url: str) -> None:
    database = Database.open(url)
    try:
        if database.is_sqlite != (manifest.engine == "sqlite"):
            raise OutOfOrder(
                f"this is a backup of {manifest.engine}: name such a database",
                thai=f"ข้อมูลสำรองนี้เป็นของ {manifest.engine} โปรดระบุฐานข้อมูลชนิดเดียวกัน",
            )
        copy = folder / _SUFFIX[manifest.engine]
        load(copy, database)
        copy.unlink()
    finally:
        database.close()


def _put(source: Source, folder: Path, name: str) -> str:
    """Write one member durably and give its digest."""
    path = folder / name
    for parent in reversed(path.relative_to(folder).parents):
        (folder / parent).mkdir(mode=0o700, exist_ok=True)
    hashing = Hashing(source)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while block := hashing.read(_BLOCK):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    return hashing.sha256


def _damaged(where: str) -> OutOfOrder:
    return OutOfOrder(
        f"the backup is damaged at {where}",
        thai="แฟ้มข้อมูลสำรองเสียหายหรือไม่ครบ โปรดใช้แฟ้มสำรองชุดอื่น",
    )
