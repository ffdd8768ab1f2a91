"""JSON as the tables keep it, and in the one form that digests are made over.

The text is that of :mod:`json` to the last character: ``stored`` as ``json.dumps`` writes it,
``canonical`` with sorted keys, no spaces and letters as they are. The standard library makes its
encoder in C anew for each value, which takes longer than most of our values do; here each of the
two is made once. Limit: a value that contains itself is not noticed; ours are lists and dicts of
facts.
"""

import json
from collections.abc import Callable
from json import encoder
from typing import Any, Final


def _encoder(*, canonical: bool) -> Callable[[Any], str]:
    between, behind = (",", ":") if canonical else (", ", ": ")
    whole = json.JSONEncoder(
        ensure_ascii=not canonical, sort_keys=canonical, separators=(between, behind)
    )
    make = getattr(encoder, "c_make_encoder", None)
    quote = getattr(encoder, "c_encode_basestring" if canonical else "c_encode_basestring_ascii")
    if make is None or quote is None:  # a Python without the C parts
        return whole.encode
    chunks = make(None, whole.default, quote, None, behind, between, canonical, False, True)
    return lambda value: "".join(chunks(value, 0))


canonical: Final = _encoder(canonical=True)
"""Give the text that a digest covers. Raises TypeError for what JSON has no form for."""

_EMPTY: Final[dict[type, str]] = {list: "[]", dict: "{}"}
_write: Final = _encoder(canonical=False)


def stored(value: Any) -> str:
    """Give the text that a column keeps. Raises TypeError for what JSON has no form for."""
    if not value and type(value) in _EMPTY:  # half of the lists of a letter are
        return _EMPTY[type(value)]
    return _write(value)
