"""Encrypted contents beside the others: ``sealed/ab/<sha256>`` in the folder of the blob store.

Each is one :mod:`registry.secret.container`, named by the SHA-256 of its text. A name that is given
out stands for an encrypted file that is on the disk and was read back to its digest: only then may
the open copy go (:class:`registry.blobs.BlobStore`). Files are 0600, folders 0700.
"""

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from registry import faults
from registry.disk import fsync_folder
from registry.errors import NotFound, OutOfOrder
from registry.secret import container as secret_container
from registry.secret.container import Keys, Opened

_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")
_BLOCK: Final = 1 << 20


class SecretStore:
    """A folder of encrypted contents; any number of processes may use it at once.

    Without ``keys`` it knows what is there, and opens nothing.
    """

    def __init__(self, root: Path, keys: Keys | None) -> None:
        self.root = root
        self._keys = keys

    @property
    def keys(self) -> Keys:
        """Whoever holds the master keys; raises OutOfOrder for a process that has none."""
        if self._keys is None:
            raise OutOfOrder("this process opens no secret letters")
        return self._keys

    def path(self, sha256: str) -> Path:
        """Where the encrypted file of this content stands, or would; NotFound for no digest."""
        if not _DIGEST.match(sha256):
            raise NotFound(f"not a digest: {sha256[:80]!r}")
        return self.root / sha256[:2] / sha256

    def exists(self, sha256: str) -> bool:
        """Whether this content is here."""
        return bool(_DIGEST.match(sha256)) and self.path(sha256).is_file()

    def size(self, sha256: str) -> int:
        """Give the bytes of its text. Raises NotFound, Damaged."""
        try:
            return secret_container.size_of(self.path(sha256).stat().st_size)
        except FileNotFoundError as error:
            raise NotFound(f"no blob {sha256}") from error

    def open(self, sha256: str) -> BinaryIO:
        """Open this content as its text. Raises NotFound, Damaged; OutOfOrder without its key."""
        try:
            file = self.path(sha256).open("rb")
        except FileNotFoundError as error:
            raise NotFound(f"no blob {sha256}") from error
        try:
            opened = Opened(file, sha256, self.keys)
        except BaseException:
            file.close()
            raise
        return cast("BinaryIO", io.BufferedReader(opened, secret_container.CHUNK))

    def keep(self, source: BinaryIO, sha256: str, aside: str) -> None:
        """Keep a content encrypted, made at ``aside`` on the same file system. Raises Damaged."""
        if self.exists(sha256):
            return
        place = self.path(sha256)
        try:
            with os.fdopen(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as out:
                secret_container.seal(source, out, sha256, self.keys)
                out.flush()
                faults.point("secret_written")
                os.fsync(out.fileno())
                self._comes_back(aside, sha256)
            faults.point("secret_fsynced")
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            Path(aside).rename(place)
            faults.point("secret_named")
        finally:
            Path(aside).unlink(missing_ok=True)
        self.settle(sha256)

    def settle(self, sha256: str) -> None:
        """Make the name of an encrypted content last: whoever gave it may have died before that."""
        for folder in (self.path(sha256).parent, self.root, self.root.parent):
            fsync_folder(folder)

    def remove(self, sha256: str) -> None:
        """Take an encrypted content away; one that is not there is no error."""
        self.path(sha256).unlink(missing_ok=True)

    def all(self) -> Iterator[str]:
        """Every digest here, in order."""
        for shard in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path.name for path in shard.iterdir() if _DIGEST.match(path.name))

    def sweep(self, used: Callable[[str], bool], limit: float) -> list[str]:
        """Remove contents older than ``limit`` (seconds since 1970) that nobody uses; give them."""
        old = [one for one in self.all() if self.path(one).stat().st_mtime < limit]
        removed = [one for one in old if not used(one)]
        for sha256 in removed:
            self.remove(sha256)
        return removed

    def rewrap(self, sha256: str) -> bool:
        """Let the key in use now open this content; say whether another one did before."""
        with self.path(sha256).open("r+b") as file:
            return secret_container.rewrap(file, sha256, self.keys)

    def _comes_back(self, path: str, sha256: str) -> None:
        """See that what was written is read back to the same digest."""
        with Path(path).open("rb") as file:
            opened = Opened(file, sha256, self.keys)
            if digest_of(io.BufferedReader(opened, secret_container.CHUNK)) != sha256:
                raise secret_container.Damaged(f"the encrypted file of {sha256} is another text")


def digest_of(file: BinaryIO | io.BufferedReader) -> str:
    """Read a file to its end, and give its SHA-256."""
    return hashlib.file_digest(cast("io.BufferedReader", file), "sha256").hexdigest()
