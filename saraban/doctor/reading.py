"""Whether scans and pictures can be read: Tesseract's models for the languages that are set."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Final

from gateway.service import Runtime
from registry.pdf.tessdata import tessdata
from saraban.doctor.finding import Finding, look, well, wrong

_MEND: Final = 'ติดตั้ง tesseract-ocr-tha และ tesseract-ocr-eng หรือปิดด้วย reading.ocr = "off"'


def eyes(runtime: Runtime) -> Iterator[Finding]:
    """Scans are read where that is wanted; nothing is said where it is not."""
    settings = runtime.office.reading
    if settings.ocr == "off":
        return
    models = tessdata(settings.ocr_languages)
    if models is not None and find_spec("tesserocr") is not None:
        yield well("eyes", f"อ่านตัวหนังสือจากภาพสแกนได้ ({settings.ocr_languages}: {models})")
        return
    told = f"อ่านตัวหนังสือจากภาพสแกนไม่ได้: ไม่พบแบบจำลอง {settings.ocr_languages} ของ Tesseract"
    yield (wrong if settings.ocr == "on" else look)("eyes", told, _MEND)
