"""The settings of the office: where things are kept and how letters are registered.

Each class is one section of ``saraban.toml`` and each field one key; the text beside a field is
what ``docs/CONFIG.md`` and the sample configuration print. Values are frozen: a changed setting
is a restart. Reading and checking the file is done in :mod:`saraban.config.load`.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def setting(default: Any, doc: str) -> Any:
    """Declare a key with its default and the sentence that documents it."""
    if isinstance(default, (list, dict)):
        return field(default_factory=default.copy, metadata={"doc": doc})
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True, slots=True)
class Instance:
    """``[instance]`` - this installation."""

    hostname: str = setting("localhost", "Name this host gives in SMTP greetings and Message-IDs.")
    public_url: str = setting(
        "",
        "Address under which officers reach the pages (https://...); empty: from web.listen.",
    )
    data_dir: Path = setting(
        Path(), "Folder of everything that is kept; empty: the folder of saraban.toml."
    )


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """``[database]`` - where the books are kept."""

    url: str = setting(
        "", "SQLAlchemy URL (postgresql://... or sqlite:///...); empty: saraban.db in data_dir."
    )


@dataclass(frozen=True, slots=True)
class BlobSettings:
    """``[blobs]`` - where the bytes of letters and enclosures are kept."""

    url: str = setting("", "Folder of the blob store (file:///...); empty: blobs/ in data_dir.")


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """``[registry]`` - who registers, and what happens with likely doubles."""

    receive: str = setting(
        "automatic",
        "automatic: letters of proven, listed senders need no officer; by_officer: all wait.",
    )
    send: str = setting(
        "by_officer",
        "by_officer: clerks' letters wait as drafts; automatic: they are numbered at once.",
    )
    on_possible_duplicate: str = setting(
        "register",
        "register: a look-alike is registered and marked; wait: it waits for an officer.",
    )
    digest_times: tuple[str, ...] = setting(
        ("09:00", "13:30"), "Office times at which officers get the digest of waiting letters."
    )
    holidays_file: str = setting("", "TOML file of special holidays; empty: the one shipped.")
    answers_per_hour: int = setting(
        20,
        "Answers that the system gives by itself to one address in an hour before it takes them "
        "for a loop and rests for an hour; answers about letters with a file or a number count a "
        "twenty-fifth.",
    )
    overdue: str = setting(
        "directory",
        "Whose silence makes a letter overdue: directory (every entity in it), acknowledging (only "
        "those that have acknowledged a letter of ours before) or off.",
    )
    overdue_after_workdays: int = setting(
        1, "Working days, each until 16.30, in which a letter must be acknowledged."
    )
    overdue_after_minutes_most_urgent: int = setting(
        15, "Minutes in which ด่วนที่สุด must be acknowledged."
    )
    overdue_in_office_hours: bool = setting(
        False, "Count the minutes of ด่วนที่สุด in office hours only; else day and night."
    )
    keep_years: int = setting(
        10, "Years that ordinary letters are kept, as printed in forms 19, 20 and 25."
    )
    reserved_after_days: int = setting(
        7, "Days after which a reserved number that was not used stands in the digest."
    )
    deal_hours_most_urgent: float = setting(
        1.0,
        "Office hours in which ด่วนที่สุด is to be dealt with, from when it counts as received, "
        "where neither paper nor person names a time; 0: no time.",
    )
    deal_hours_very_urgent: float = setting(4.0, "The same for ด่วนมาก.")
    deal_hours_urgent: float = setting(16.0, "The same for ด่วน; an office day has 8 hours.")
    unseen_after_minutes: float = setting(
        30.0,
        "Office minutes after which ด่วนที่สุด that nobody has looked at is told to [[notify]] and "
        "by mail to the officers, once; 0: never.",
    )

    def __post_init__(self) -> None:
        """Refuse what could not be reckoned with. Raises ValueError."""
        hours = (self.deal_hours_most_urgent, self.deal_hours_very_urgent, self.deal_hours_urgent)
        if not all(0 <= one <= 2000 for one in (*hours, self.unseen_after_minutes / 60)):
            raise ValueError("registry: hours and minutes are from 0 to 2000 hours")


@dataclass(frozen=True, slots=True)
class AttachmentSettings:
    """``[attachments]`` - the 25 MB rules; MB is 1,000,000 bytes."""

    split_over: int = setting(
        25_000_000, "A part of more decoded bytes leaves the mail and becomes a link."
    )
    max_outgoing_message: int = setting(
        25_000_000,
        "Most encoded bytes of an outgoing or delivered mail where the directory knows no figure.",
    )
    forbidden_types: tuple[str, ...] = setting(
        (),
        "Files not taken in: media types (application/x-dosexec, video/*) and endings (.exe).",
    )


@dataclass(frozen=True, slots=True)
class SecrecySettings:
    """``[secrecy]`` - what is done with letters that carry a secrecy marking."""

    policy: str = setting(
        "hold", "hold: kept for the officer of secret letters; refuse: refused at SMTP where seen."
    )
    look_bytes: int = setting(
        20_000_000,
        "Largest PDF whose first page is looked at for a marking before the letter is registered; "
        "0: none.",
    )
    kms_command: tuple[str, ...] = setting(
        (),
        "Program that keeps the key of secret letters' files, run with wrap NAME or unwrap NAME "
        "and the bytes on its standard input; empty: the key is keys/secret.key.",
    )
    kms_key: str = setting(
        "1", "NAME of the key with secrecy.kms_command; another one, then saraban secret rotate."
    )


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """``[reading]`` - text out of letters' files for search, and pictures of their pages."""

    memory: int = setting(
        1_000_000_000, "Most bytes of memory of the process that opens a file; 0: no limit."
    )
    seconds: float = setting(
        60.0, "Seconds of CPU time to read one file's text; what was read by then is kept."
    )
    max_pages: int = setting(2000, "Most pages that are read of one file.")
    max_characters: int = setting(5_000_000, "Most characters of text that are kept of one file.")
    ocr: str = setting(
        "auto",
        "Whether scans and pictures are read with Tesseract: auto (if it is installed), on (if it "
        "is not, doctor complains) or off.",
    )
    ocr_languages: str = setting("tha+eng", "Tesseract's models that read them.")
    ocr_pages: int = setting(
        20, "Most pages of one file that are read so; the last one is among them."
    )
    ocr_seconds: float = setting(30.0, "Seconds of CPU time to read one such page.")
    preview_width: int = setting(2400, "Widest picture of a page, in pixels.")
    preview_bytes: int = setting(
        2_000_000_000, "Most bytes of pictures of pages that are kept in data_dir/previews."
    )

    def __post_init__(self) -> None:
        if self.ocr not in ("auto", "on", "off"):
            raise ValueError("reading.ocr is auto, on or off")


@dataclass(frozen=True, slots=True)
class SignatureSettings:
    """``[signatures]`` - verifying signatures of PDFs and of mails (S/MIME), without a network."""

    ca_folder: str = setting(
        "",
        "Folder of the CA certificates (.pem, .crt, .cer, .der) that are trusted to vouch for "
        "signers; empty: trusted/ in data_dir.",
    )
    seconds: float = setting(20.0, "Seconds of CPU time to verify one file's signatures.")


@dataclass(frozen=True, slots=True)
class LogSettings:
    """``[log]`` - what the services write to stderr."""

    format: str = setting(
        "text", "text: lines for people; json: one object a line, for programs that collect logs."
    )
    level: str = setting(
        "info", "Least grave lines that are written: debug, info, warning or error."
    )


@dataclass(frozen=True, slots=True)
class MetricsSettings:
    """``[metrics]`` - figures for Prometheus."""

    listen: str = setting("", "Address and port of /metrics (127.0.0.1:9125); empty: none.")
    token_file: str = setting(
        "", "File with the bearer token that is asked for; required unless listen is loopback."
    )
    backup_dir: str = setting(
        "/var/backups/saraban", "Folder whose newest .tar tells the age of the last backup."
    )

    def __post_init__(self) -> None:
        host = self.listen.rpartition(":")[0].strip("[]")
        if self.listen and not self.token_file and host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("metrics.listen beyond this machine needs a token_file")


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """All sections that the registry reads, and those that every process reads."""

    instance: Instance = field(default_factory=Instance)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    blobs: BlobSettings = field(default_factory=BlobSettings)
    registry: RegistrySettings = field(default_factory=RegistrySettings)
    attachments: AttachmentSettings = field(default_factory=AttachmentSettings)
    secrecy: SecrecySettings = field(default_factory=SecrecySettings)
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    signatures: SignatureSettings = field(default_factory=SignatureSettings)
    log: LogSettings = field(default_factory=LogSettings)
    metrics: MetricsSettings = field(default_factory=MetricsSettings)
