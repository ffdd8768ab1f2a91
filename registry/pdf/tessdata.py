"""Where Tesseract's models lie: found without loading Tesseract.

Debian keeps them in ``/usr/share/tesseract-ocr/<version>/tessdata``; TESSDATA_PREFIX names another
folder. The folder must hold a model for each language that is asked for.
"""

import os
from pathlib import Path
from typing import Final

_FOLDERS: Final = (
    "usr/share/tesseract-ocr/*/tessdata",
    "usr/share/tessdata",
    "usr/local/share/tessdata",
)


def tessdata(languages: str) -> Path | None:
    """Give the folder that has the models of all these languages (``tha+eng``), or None."""
    wanted = [f"{language}.traineddata" for language in languages.split("+")]
    folders = [Path(named)] if (named := os.environ.get("TESSDATA_PREFIX")) else []
    folders += [path for place in _FOLDERS for path in sorted(Path("/").glob(place), reverse=True)]
    return next((one for one in folders if all((one / name).is_file() for name in wanted)), None)
