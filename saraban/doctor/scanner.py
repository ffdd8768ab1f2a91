"""The virus scanner: whether it answers, and takes as much as we show it.

clamd has no command that tells its StreamMaxLength. So zeros are streamed to it, up to
``scan.max_bytes``, and never ended: it answers at once when its limit is passed, and scans nothing
otherwise.
"""

import socket
from collections.abc import Iterator
from contextlib import closing

from gateway.service import Runtime
from registry.letter.enclosure import human_size
from saraban.doctor.finding import Finding, look, well, wrong

_SECONDS = 10.0
_BLOCK = 1 << 20


def scanner(runtime: Runtime) -> Iterator[Finding]:
    """The scanner answers, and its limit is not below ours; nothing is said where none is set."""
    settings = runtime.gateway.scan
    if not settings.clamd:
        return
    try:
        version = _ask(settings.clamd)
        takes = _takes(settings.clamd, settings.max_bytes)
    except OSError as error:
        yield wrong(
            "scanner", f"clamd ที่ {settings.clamd} ไม่ตอบ: {error}", "เปิด clamd มิฉะนั้นไฟล์จะถูกกันไว้ทุกฉบับ"
        )
        return
    if takes:
        yield well("scanner", f"{version} รับได้ถึง {human_size(settings.max_bytes)}")
    else:
        yield look(
            "scanner",
            f"clamd รับได้น้อยกว่า scan.max_bytes ({human_size(settings.max_bytes)})",
            "เพิ่ม StreamMaxLength ใน clamd.conf หรือลด scan.max_bytes",
        )


def _ask(address: str) -> str:
    with closing(_connect(address)) as line:
        line.sendall(b"zVERSION\0")
        answer = line.recv(400).partition(b"\0")[0].decode("ascii", "replace")
    if not answer.startswith("ClamAV"):
        raise OSError("not clamd")
    return answer.partition("/")[0]


def _takes(address: str, most: int) -> bool:
    """Say whether clamd lets so many bytes come."""
    with closing(_connect(address)) as line:
        line.sendall(b"zINSTREAM\0")
        left = most
        try:
            while left > 0:
                size = min(left, _BLOCK)
                line.sendall(size.to_bytes(4, "big") + bytes(size))
                left -= size
            line.settimeout(0.5)
            return not line.recv(1)
        except TimeoutError:
            return True  # it waits for more
        except ConnectionError:
            return False  # it has hung up on us


def _connect(address: str) -> socket.socket:
    if address.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_SECONDS)
        try:
            line.connect(address.removeprefix("unix:"))
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), _SECONDS)
