"""Log lines by which one letter can be followed through all processes.

A line tells when (ISO 8601 with offset), which role and process, how grave, and what; besides it
may carry ids as fields: ``letter`` (the name in the spool, which the sender got with 250),
``letter_id`` and ``entry`` (the books), ``job`` (the outbox), ``peer`` and ``session`` (the door).
They are given with ``extra=``, or once for all that happens in a block by :func:`about`. What the
message names already is not repeated in text; in JSON each field is a key.

Lines hold ids and facts, never what a letter says: of an error only those of our own and of the
operating system show their words, of others the kind and the place. One record is one line, and
characters that a peer could use to forge another are escaped. Limit: whoever writes a message
is trusted not to put a subject into it.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from registry.errors import SarabanError
from registry.settings import LogSettings

if TYPE_CHECKING:  # the reader of letters logs too, and needs nothing of a database
    from sqlalchemy.orm import Session

FIELDS: Final = ("letter", "letter_id", "entry", "job", "peer", "session")
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_KEPT: Final = "registry.log"
_SECOND: Final = len("2568-10-03T10:42:00")
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_about: ContextVar[Mapping[str, str]] = ContextVar("about", default=_NOTHING)


@contextmanager
def about(**ids: str | None) -> Iterator[None]:
    """Let every line of this block, in this thread or task, carry these ids; empty ones do not."""
    token = _about.set({**_about.get(), **{key: one for key, one in ids.items() if one}})
    try:
        yield
    finally:
        _about.reset(token)


def note(**ids: str) -> None:
    """Let every later line of this task carry these ids."""
    _about.set({**_about.get(), **ids})


def when_kept(
    session: "Session", logger: logging.Logger, text: str, *args: Any, **ids: str | None
) -> None:
    """Log a line once the transaction of this session has been committed; if not, never."""
    line = (logger, text, args, {**_about.get(), **ids})
    session.info.setdefault(_KEPT, []).append(line)


def tell_what_was_kept(session: "Session") -> None:
    """Write the lines of :func:`when_kept`; called after the commit."""
    for logger, text, args, ids in session.info.pop(_KEPT, ()):
        logger.info(text, *args, extra=ids)


def start_logging(settings: LogSettings, role: str) -> None:
    """Write the lines of this process to stderr, in the form and from the level of ``[log]``."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(role) if settings.format == "json" else TextLines(role))
    logging.basicConfig(level=settings.level.upper(), handlers=[handler], force=True)
    # No line says where in the sources it was written, or by which thread: nobody need find out.
    logging._srcfile = None  # noqa: SLF001 - the way that the logging HOWTO names
    logging.logThreads = logging.logMultiprocessing = False
    # aiosmtpd and imapclient write content of letters at DEBUG.
    for name in ("mail.log", "imapclient"):
        logging.getLogger(name).setLevel(logging.WARNING)


def set_level(level: str) -> None:
    """Change what is written from now on."""
    logging.getLogger().setLevel(level.upper())


class TextLines(logging.Formatter):
    """Lines for people: time, role, logger, process, level, message, fields not named in it."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role

    def format(self, record: logging.LogRecord) -> str:
        """Give the one line of a record."""
        message = _escaped(record.getMessage())
        fields = _fields(record).items()
        rest = "".join(f" {key}={one}" for key, one in fields if one not in message)
        error = f" [{'; '.join(_trace(record))}]" if record.exc_info else ""
        where = f"{self._role} {record.name}[{record.process}]"
        return f"{_when(record)} {where} {record.levelname} {message}{rest}{error}"


class JsonLines(logging.Formatter):
    """Lines for programs: one JSON object a line."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role

    def format(self, record: logging.LogRecord) -> str:
        """Give the object of a record."""
        line: dict[str, Any] = {
            "time": _when(record),
            "level": record.levelname,
            "role": self._role,
            "pid": record.process,
            "logger": record.name,
            "message": _escaped(record.getMessage()),
            **_fields(record),
        }
        if record.exc_info:
            line["error"] = _trace(record)
        return json.dumps(line, ensure_ascii=False)


def _when(record: logging.LogRecord) -> str:
    second, offset = _second(int(record.created))
    return f"{second}.{int(record.created * 1000) % 1000:03d}{offset}"


@lru_cache(maxsize=2)  # under load there are a thousand lines in one
def _second(since_1970: int) -> tuple[str, str]:
    """Give a second in ISO 8601 without and the offset of our zone at that moment."""
    text = datetime.fromtimestamp(since_1970).astimezone().isoformat()
    return text[:_SECOND], text[_SECOND:]


def _fields(record: logging.LogRecord) -> dict[str, str]:
    own, here = record.__dict__, _about.get()
    found = [(key, own.get(key) or here.get(key)) for key in FIELDS]
    return {key: _escaped(str(one)) for key, one in found if one}


def _escaped(text: str) -> str:
    if text.isprintable():  # nothing of what is unsafe is
        return text
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _trace(record: logging.LogRecord) -> list[str]:
    """Tell an error and what it came from: each by its kind and, innermost first, its places."""
    told: list[str] = []
    error = record.exc_info[1] if record.exc_info else None
    while error is not None and len(told) < 5:
        frames = reversed(traceback.extract_tb(error.__traceback__))
        places = " < ".join(f"{_short(one.filename)}:{one.lineno} {one.name}" for one in frames)
        told.append(f"{_kind(error)} at {places}" if places else _kind(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told


def _kind(error: BaseException) -> str:
    """Name an error; its words only where they are ours or the system's."""
    name = type(error).__name__
    return _escaped(f"{name}: {error}") if isinstance(error, (SarabanError, OSError)) else name


def _short(path: str) -> str:
    return "/".join(path.rsplit("/", 3)[1:])
