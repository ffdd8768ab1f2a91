"""A private ClamAV in a folder of its own: clamd on a free loopback port and on a socket.

Its one signature is our own, of the test string of EICAR, anywhere in a file. So it starts at once,
downloads nothing, and knows no other virus. It is a real clamd all the same: it
unpacks MIME, base64 and zip by itself.
"""

import shutil
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.servers import ports, running
from tests.servers.waiting import wait_until

# In pieces, so that no scanner takes this file, or a copy of it, for what it tests.
EICAR: Final = b"".join(
    (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD", b"-ANTIVIRUS-TEST-FILE!$H+H*")
)
NAME: Final = "Saraban.Test.Eicar"

CONFIGURATION = """\
DatabaseDirectory {folder}/db
TCPSocket {port}
TCPAddr 127.0.0.1
LocalSocket {folder}/clamd.sock
LogFile {folder}/clamd.log
Foreground yes
MaxThreads 4
SelfCheck 0
StreamMaxLength {most}
MaxScanSize {most}
MaxFileSize {most}
AlertExceedsMax yes
AlertEncrypted yes
"""


@dataclass(frozen=True, slots=True)
class Clamd:
    """A running clamd: its folder and its port."""

    folder: Path
    port: int
    host: str = "127.0.0.1"

    @property
    def address(self) -> str:
        """Where it listens, as ``scan.clamd`` has it."""
        return f"{self.host}:{self.port}"

    @property
    def socket(self) -> str:
        """Its socket in the file system, as ``scan.clamd`` has it."""
        return f"unix:{self.folder / 'clamd.sock'}"

    def log(self) -> str:
        """Give the end of its log."""
        return running.log_of(self.folder)


def start(most: int = 1_000_000_000, port: int = 0) -> Clamd:
    """Start a clamd that scans up to so many bytes; it ends with this process.

    Without a port, on one that is free.
    """
    assert shutil.which("clamd", path="/usr/sbin"), "ClamAV is missing (Debian: clamav-daemon)"
    folder = Path(tempfile.mkdtemp(prefix="saraban-clamd-"))
    server = Clamd(folder, port or ports.free_port())
    (folder / "db").mkdir()
    (folder / "db" / "saraban.ndb").write_text(f"{NAME}:0:*:{EICAR[:44].hex()}\n", "ascii")
    configuration = CONFIGURATION.format(folder=folder, port=server.port, most=most)
    (folder / "clamd.conf").write_text(configuration, "ascii")
    running.start(folder, ["/usr/sbin/clamd", "-c", str(folder / "clamd.conf")])
    wait_until(lambda: _answers(server.port), lambda: f"clamd answers\n{server.log()}")
    return server


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"zPING\0")
            return connection.recv(5) == b"PONG\0"
    except OSError:
        return False
