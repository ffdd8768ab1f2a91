"""The form of a backup: one tar file, readable with common tools, that knows when it is whole.

Members, in this order::

    saraban.toml  keys/*.key  keys/dkim/*.pem  tls/*.pem   as they stand in the data folder
    spool/<process>/<new|held|bad>/<file>     mail that was accepted and not yet taken in
    database.sqlite | database.pgdump         one snapshot
    blobs/ab/cd/<sha256>                      every content the snapshot needs
    blobs/sealed/ab/<sha256>                  those of secret letters, encrypted
    manifest.json                             digests of all but the blobs, last

An archive without its manifest was cut off. A blob is named by its digest; everything else has its
digest in the manifest. Times and owners of files are not kept.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol, Self

from registry.errors import OutOfOrder

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
BLOB: Final = re.compile(r"blobs/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")
_MEMBER: Final = re.compile(
    r"saraban\.toml|keys/[\w-]+\.key|keys/dkim/[\w.-]+\.pem|tls/[\w-]+\.pem|database\.(?:sqlite|pgdump)|manifest\.json"
    r"|blobs/sealed/([0-9a-f]{2})/\1[0-9a-f]{62}"
    r"|spool/[A-Za-z0-9][\w.-]*/(?:new|held|bad)/[a-z2-7]{16}(?:-[\dp-]+)?\.[a-z]+"
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in an archive; ``made_at`` is ISO 8601.

    ``files`` are digests by member name. ``missing`` are contents that the snapshot needs and that
    were not in the store: the proof would have said so too.
    """

    engine: str  # sqlite | postgresql
    schema: str
    made_at: str
    files: dict[str, str]
    blobs: int
    missing: tuple[str, ...] = ()
    format: int = FORMAT

    def to_json(self) -> bytes:
        """Give the manifest as it is written."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read a manifest; raise OutOfOrder for a format this program does not know."""
        data: dict[str, Any] = json.loads(text)
        if data.get("format") != FORMAT:
            raise OutOfOrder(f"backups of format {data.get('format')} are not known here")
        return cls(**{**data, "missing": tuple(data["missing"])})


class Source(Protocol):
    """Whatever bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Give at most this many bytes, none at the end."""


class Hashing:
    """A file being read, and the digest of what was read of it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._hash = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        """Give the next bytes."""
        block = self._source.read(size)
        self._hash.update(block)
        return block

    @property
    def sha256(self) -> str:
        """Digest of what was read, 64 hex digits."""
        return self._hash.hexdigest()


class Writer:
    """An archive being written; ``files`` are the digests for the manifest.

    As a context manager it ends the stream whatever happens; only :meth:`close` makes it whole.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._tar = tarfile.open(fileobj=out, mode="w|")  # noqa: SIM115 - closed at the end
        self.files: dict[str, str] = {}

    def add(self, name: str, file: BinaryIO) -> None:
        """Add an open file from its beginning to its present end."""
        info = tarfile.TarInfo(name)
        info.size = file.seek(0, 2)
        file.seek(0)
        info.mode = 0o600
        hashing = Hashing(file)
        self._tar.addfile(info, hashing)
        if not BLOB.fullmatch(name):
            self.files[name] = hashing.sha256

    def close(self, manifest: Manifest) -> None:
        """Add the manifest and end the archive."""
        self.add(MANIFEST, io.BytesIO(manifest.to_json()))
        self._tar.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # a full disk was reported already
            self._tar.close()


@contextmanager
def members(source: Path) -> Iterator[Iterator[tuple[str, Source]]]:
    """Read the members of an archive in order; raise OutOfOrder for what is no archive of ours."""
    try:
        with tarfile.open(source, mode="r|") as tar:
            yield _members(tar)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise OutOfOrder(
            f"cannot read the backup {source}: {error}",
            thai=f"อ่านแฟ้มข้อมูลสำรอง {source} ไม่ได้ แฟ้มอาจเสียหายหรือไม่ครบ",
        ) from error


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, Source]]:
    for info in tar:
        if not info.isreg() or not (_MEMBER.fullmatch(info.name) or BLOB.fullmatch(info.name)):
            raise OutOfOrder(f"a backup holds no member {info.name[:200]!r}")
        file = tar.extractfile(info)
        assert file is not None
        yield info.name, file
