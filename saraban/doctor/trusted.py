"""Whom we trust to vouch for digital signatures: that the folder's certificates can be used."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from gateway.service import Runtime
from registry.signatures import trust_folder
from saraban.doctor.finding import Finding, look, well
from saraban.times import when

_CHECK: Final = "trusted"
_ENDINGS: Final = frozenset({".pem", ".crt", ".cer", ".der"})
_FETCH: Final = "วางใบรับรองของผู้ออกใบรับรองที่ขอจากผู้ออกเองในโฟลเดอร์นี้ (.pem .crt .cer .der)"


def trusted(runtime: Runtime) -> Iterator[Finding]:
    """Each file is a certificate that is valid today; nothing is said while none is wanted."""
    folder = trust_folder(runtime.office)
    wanted = bool(runtime.office.signatures.ca_folder)
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    files = [file for file in files if file.suffix.lower() in _ENDINGS]
    if not files:
        if wanted:
            yield look(_CHECK, f"ไม่มีใบรับรองใน {folder} จึงยืนยันผู้ลงลายมือชื่อไม่ได้", _FETCH)
        return
    good = 0
    for file in files:
        trouble, count = _trouble(file, runtime.clock.now())
        good += count
        if trouble:
            yield look(_CHECK, f"{file.name}: {trouble}", _FETCH)
    if good:
        yield well(_CHECK, f"เชื่อถือผู้ออกใบรับรอง {good} รายในการตรวจลายมือชื่อดิจิทัล")


def _trouble(file: Path, now: datetime) -> tuple[str, int]:
    """Say what is wrong with a file, and how many of its certificates can be used."""
    from registry.pdf.signatures_trust import certificates

    found = certificates(file.read_bytes())
    if not found:
        return "ไม่ใช่ใบรับรอง", 0
    over = [one.not_valid_after for one in found if one.not_valid_after < now]
    told = f"หมดอายุเมื่อ {when(max(over))}" if over else ""
    return told, len(found) - len(over)
