"""The one file of a request's body, piece by piece: the body itself, or ``file`` of a form.

A form (multipart/form-data, RFC 7578) may carry other fields; they are passed over. Nothing is held
but the block at hand, so a file of any size goes through. What is no form, holds no file or holds
two is refused.
"""

from typing import Final

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from saraban.api.problems import Refused

BYTES: Final = "application/octet-stream"
FORM: Final = "multipart/form-data"
_FIELD: Final = "file"


class OneFile:
    """Takes blocks of a body and gives those of its file; ``name`` is the one that a form tells."""

    def __init__(self, content_type: str) -> None:
        """Raises Refused for a media type that is neither, or a form without its boundary."""
        kind, options = parse_options_header(content_type)
        self.name = ""
        self._seen = 0
        self._taken: list[bytes] = []
        self._takes = False
        self._header = [b"", b""]
        self._whole = False
        self._parser = None
        if kind == FORM.encode():
            boundary = options.get(b"boundary", b"")
            if not boundary:
                raise Refused(415, "a form without its boundary")
            self._parser = self._made(boundary)
        elif kind != BYTES.encode():
            raise Refused(415, f"a file is sent as {BYTES} or {FORM}")

    def feed(self, block: bytes) -> bytes:
        """Take a block of the body, and give what of it is of the file. Raises Refused."""
        if self._parser is None:
            return block
        self._taken.clear()
        try:
            self._parser.write(block)
        except MultipartParseError as error:
            raise Refused(422, "no sound form") from error
        return b"".join(self._taken)

    def end(self) -> None:
        """See that the body was whole. Raises Refused."""
        if self._parser is None:
            return
        if not self._whole:
            raise Refused(422, "the form ends before its end")
        if self._seen != 1:
            raise Refused(422, f"a form holds one file, in its field {_FIELD}")

    def _made(self, boundary: bytes) -> MultipartParser:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin, "on_header_field": self._field,
                "on_header_value": self._value, "on_header_end": self._header_end,
                "on_part_data": self._data, "on_end": self._end,
            },
        )  # fmt: skip

    def _begin(self) -> None:
        self._takes, self._header = False, [b"", b""]

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._header[0] += data[start:end]

    def _value(self, data: bytes, start: int, end: int) -> None:
        self._header[1] += data[start:end]

    def _header_end(self) -> None:
        field, value = self._header
        self._header = [b"", b""]
        if field.lower() != b"content-disposition":
            return
        _, options = parse_options_header(value)
        if options.get(b"name") == _FIELD.encode():
            self._takes, self._seen = self._seen == 0, self._seen + 1
            self.name = options.get(b"filename", b"").decode("utf-8", "replace")

    def _end(self) -> None:
        self._whole = True

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._takes:
            self._taken.append(data[start:end])
