"""One file with everything: database, letters, keys, settings - made beside a running service.

The mail that waits in the spool is read first, then one snapshot of the database, then the
contents that the snapshot needs, while none is encrypted, laid open or taken out of a pack: so
each number in the archive has its letter, and mail that was
accepted before the backup began is in it, taken in or not. A mail that is in both is known by its
spool name when it is brought back, and makes nothing new.

The archive holds the keys and is as secret as the data folder: it is 0600 and never overwrites
anything. Contents of secret letters are in it as they stand, encrypted, and the keys that open them
are not, unless that is asked for: who has the archive alone does not read them. Its form is
:mod:`registry.archive`; the way back is :mod:`registry.restore`.

Limits: files that settings name outside the data folder (passwords of relays, certificates) are
not in it. A content that is missing from the store does not stop a backup; it is named.
"""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy.orm import Session

from registry.archive import Manifest, Writer
from registry.blobs import BlobStore
from registry.db import Database
from registry.dumps import dump
from registry.errors import Conflict, NotFound
from registry.proving.holdings import digests_in_use
from registry.schema import current
from registry.secret.copies import standing_still

_SETTLED: Final = ("saraban.toml", "keys/*.key", "keys/dkim/*.pem", "tls/*.pem")
_SPOOLED: Final = re.compile(r"[a-z2-7]{16}\.[a-z]+")
_WITH_BYTES: Final = (".eml", ".pack", ".apart")
_PACKS: Final = ("*/new/*.pack", "*/new/*.apart")  # several letters in one file


def backup(
    database: Database, blobs: BlobStore, data_dir: Path, target: Path, *, at: datetime,
    with_secret_keys: bool = False,
) -> Manifest:  # fmt: skip
    """Write the archive, durably and all or nothing, and give its manifest.

    ``with_secret_keys`` puts the keys of secret letters' files into it too.
    Raises Conflict when the target is there, OutOfOrder when the database cannot be copied.
    """
    if target.exists():
        raise Conflict(f"{target} is there already", thai=f"มีแฟ้ม {target} อยู่แล้ว โปรดใช้ชื่ออื่น")
    part = target.with_name(f"{target.name}.part")
    opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "wb") as out:
            with Writer(out) as writer:
                _add_settled(writer, data_dir, with_secret_keys=with_secret_keys)
                manifest = _write(writer, database, blobs, data_dir, target.parent, at)
            out.flush()
            os.fsync(out.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(
    writer: Writer,
    database: Database,
    blobs: BlobStore,
    data_dir: Path,
    scratch: Path,
    at: datetime,
) -> Manifest:
    _add_spool(writer, data_dir)
    engine = "sqlite" if database.is_sqlite else "postgresql"
    with (
        standing_still(blobs), database.snapshot() as session,
        TemporaryDirectory(dir=scratch) as folder,
    ):  # fmt: skip
        copy = Path(folder) / "database"
        dump(session, database, copy)
        with copy.open("rb") as file:
            writer.add("database.sqlite" if database.is_sqlite else "database.pgdump", file)
        kept, missing = _add_blobs(writer, session, blobs)
    schema = current(database) or ""
    manifest = Manifest(
        engine, schema, at.isoformat(timespec="seconds"), dict(writer.files), kept, missing
    )
    writer.close(manifest)
    return manifest


def _add_settled(writer: Writer, data_dir: Path, *, with_secret_keys: bool) -> None:
    for path in (path for pattern in _SETTLED for path in sorted(data_dir.glob(pattern))):
        if with_secret_keys or not path.name.startswith("secret"):
            with path.open("rb") as file:
                writer.add(str(path.relative_to(data_dir)), file)


def _add_blobs(writer: Writer, session: Session, blobs: BlobStore) -> tuple[int, tuple[str, ...]]:
    """Add what the snapshot needs, each content once; give how many, and those not there."""
    kept, missing, encrypted = set[bytes](), set[str](), set[str]()
    for sha256 in digests_in_use(session):
        raw = bytes.fromhex(sha256)
        if raw in kept or sha256 in missing or sha256 in encrypted:
            continue
        if blobs.secret.exists(sha256):
            with blobs.secret.path(sha256).open("rb") as file:
                writer.add(f"blobs/sealed/{sha256[:2]}/{sha256}", file)
            encrypted.add(sha256)
        try:
            with blobs.path(sha256).open("rb") as file:
                writer.add(f"blobs/{sha256[:2]}/{sha256[2:4]}/{sha256}", file)
            kept.add(raw)
        except (NotFound, FileNotFoundError):
            if sha256 not in encrypted:
                missing.add(sha256)
    return len(kept), tuple(sorted(missing))


def _add_spool(writer: Writer, data_dir: Path) -> None:
    """Add the letters that wait; walked twice, since they move between folders meanwhile."""
    done: set[str] = set()
    for _ in range(2):
        for files in _letters(data_dir / "spool"):
            if files[0].stem not in done and _add_whole(writer, files, data_dir):
                done.add(files[0].stem)


def _letters(spool: Path) -> Iterator[list[Path]]:
    """Give the files of each letter together; a letter without envelope was never promised.

    Packs come first: when the letters of one are taken out meanwhile they come once more.
    """
    for pattern in _PACKS:
        yield from ([pack] for pack in sorted(spool.glob(pattern)))
    for state in ("new", "held", "bad"):
        for card in sorted(spool.glob(f"*/{state}/*.json")):
            beside = card.parent.glob(f"{card.stem}.*")
            yield sorted(path for path in beside if _SPOOLED.fullmatch(path.name))


def _add_whole(writer: Writer, files: list[Path], data_dir: Path) -> bool:
    """Add all files of a letter, or none when it was taken in at this moment."""
    if not any(path.suffix in _WITH_BYTES for path in files):
        return False
    with ExitStack() as stack:
        try:
            opened = [stack.enter_context(path.open("rb")) for path in files]
        except FileNotFoundError:
            return False
        for path, file in zip(files, opened, strict=True):
            writer.add(str(path.relative_to(data_dir)), file)
    return True
