"""The settings of the door: where it listens, whom it trusts, and by whom it sends.

Same conventions as :mod:`registry.settings`: a class is a section, a field a key with its
documentation. Addresses are ``host:port``; port 0 takes a free port. Times are in seconds.
"""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from registry.letter.watcher import EVENTS
from registry.settings import setting

_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """``[smtp]`` - the door for mail from anywhere (port 25 in production)."""

    listen: str = setting("127.0.0.1:2525", "Address and port of the SMTP listener; empty: none.")
    max_message_bytes: int = setting(
        1_000_000_000, "Largest letter taken in, in encoded bytes (SIZE)."
    )
    trusted_networks: tuple[str, ...] = setting(
        (),
        "Networks of hosts that authenticate every sender; never an MX of Internet mail.",
    )
    forwarders: tuple[str, ...] = setting(
        (),
        "Networks of hosts that forward Internet mail to us: their word on senders is not taken.",
    )
    timeout: float = setting(
        300.0, "Seconds without a command or data after which a session is closed."
    )
    timeout_crowded: float = setting(
        20.0, "The same while four fifths of max_connections are taken."
    )
    line_timeout: float = setting(60.0, "Seconds a command line may take once it has begun.")
    max_session: float = setting(
        3600.0, "Seconds after which a session is closed; a letter under way is let finish."
    )
    greet_delay: float = setting(
        0.0, "Seconds before the greeting; who speaks sooner is refused. Not for trusted_networks."
    )
    min_data_rate: int = setting(500, "Least bytes a second, on average, while a letter comes in.")
    max_recipients: int = setting(1000, "Most recipients of one letter.")
    max_errors: int = setting(20, "Bad commands in one session before it is closed.")
    max_commands: int = setting(
        5000, "Commands in one session, counted from its last letter, before it is closed."
    )
    max_junk_commands: int = setting(
        100, "The same for commands that bring no letter on (NOOP, RSET, VRFY, EHLO, HELP)."
    )
    max_discarded_bytes: int = setting(
        50_000_000, "Bytes read behind the size limit before 552 is said and the session closed."
    )
    max_connections: int = setting(
        500, "Most sessions at once; hosts of trusted_networks may have a tenth more."
    )
    max_connections_per_client: int = setting(
        50, "Most sessions at once from one address; not for trusted_networks."
    )
    min_free_bytes: int = setting(
        500_000_000, "Letters are put off (452) while the disk has less room than this."
    )
    proxy_from: tuple[str, ...] = setting(
        (),
        "Networks of load balancers that must begin each connection with a PROXY header (v1, v2);"
        " no other host may. For every port.",
    )
    processes: int = setting(1, "SMTP processes that share the ports.")
    tls_cert: str = setting(
        "", "Certificate for STARTTLS (PEM); empty: tls/cert.pem in data_dir if it is there."
    )
    tls_key: str = setting("", "Key of the certificate; empty: tls/key.pem in data_dir.")


@dataclass(frozen=True, slots=True)
class SubmissionSettings:
    """``[submission]`` - the door for clerks' clients: TLS and AUTH, every mail is a letter."""

    listen: str = setting(
        "127.0.0.1:2587", "Address and port of the submission listener; empty: none."
    )
    listen_tls: str = setting(
        "", "The same with TLS from the first byte (port 465 in production); empty: none."
    )
    tls_cert: str = setting("", "Certificate (PEM); empty: tls/cert.pem in data_dir.")
    tls_key: str = setting("", "Key of the certificate; empty: tls/key.pem in data_dir.")
    max_auth_failures: int = setting(3, "Failed sign-ins of one session before it is closed.")
    max_auth_failures_per_client: int = setting(
        20, "Failed sign-ins from one address before it is told 421; not for trusted_networks."
    )
    max_auth_failures_per_account: int = setting(
        10,
        "Failed sign-ins to one account before others than its usual clients are told 454.",
    )
    auth_forget: float = setting(300.0, "Seconds after which one failed sign-in is forgotten.")


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """``[worker]`` - what reading one letter may cost; one that needs more is kept unread."""

    read_memory: int = setting(
        1_000_000_000, "Most bytes of memory of the process that reads letters; 0: no limit."
    )
    read_seconds: float = setting(30.0, "Most seconds of CPU time to read a letter.")
    read_seconds_per_megabyte: float = setting(
        0.5, "Seconds of CPU time that each megabyte of a letter may take more."
    )
    wait_seconds: float = setting(
        120.0, "Seconds that reading one letter may wait for DNS and the disk beside that."
    )


@dataclass(frozen=True, slots=True)
class RelaySettings:
    """``[[relay]]`` - the host that carries our mail to other agencies."""

    entity: str = setting("", "Code of the entity this relay serves; empty: all.")
    host: str = setting("", "Host name or address; empty: nothing leaves this host.")
    port: int = setting(25, "Port.")
    tls: str = setting("starttls", "none, starttls or tls.")
    username: str = setting("", "Account for AUTH; empty: none.")
    password_file: str = setting("", "File that holds the password.")
    ca_file: str = setting(
        "", "PEM file of the authority that signed the relay's certificate; empty: the system's."
    )


@dataclass(frozen=True, slots=True)
class CollectorSettings:
    """``[[collector]]`` - a mailbox that the agency already has, read by IMAP."""

    entity: str = setting("", "Code of the hosted entity whose mailbox this is.")
    host: str = setting("", "IMAP host.")
    port: int = setting(993, "Port.")
    tls: str = setting("tls", "tls (993) or none (only for a host on this machine).")
    username: str = setting("", "Account.")
    password_file: str = setting("", "File that holds the password, or a password for programs.")
    token_command: tuple[str, ...] = setting(
        (),
        "Program and arguments that print an OAuth2 access token; instead of password_file.",
    )
    folder: str = setting("INBOX", "Folder that new letters come into.")
    since: str = setting(
        "", "YYYY-MM-DD; older mail is left alone: no number, no answer. Required."
    )
    after: str = setting("flag", "flag: registered mail is flagged; move: it goes to done_folder.")
    done_folder: str = setting("Registered", "Folder for registered mail when after = move.")
    refused_folder: str = setting(
        "Refused",
        "Folder for mail that may not be taken in when after = move; else it gets a keyword.",
    )
    sent_folder: str = setting(
        "", "Sent folder, compared with the sent book and only read; empty: none."
    )
    junk_folder: str = setting(
        "", "Junk folder, watched for directory senders and only read; empty: none."
    )
    authserv_id: str = setting(
        "", "Name in Authentication-Results of the mailbox's own server; empty: not believed."
    )
    poll: float = setting(60.0, "Most seconds between two looks, also where the server knows IDLE.")
    idle: float = setting(
        30.0, "Seconds of one IDLE; then the server must answer, or the connection is dead."
    )
    timeout: float = setting(
        25.0, "Seconds without a byte from the server after which a connection is given up."
    )
    max_tries: int = setting(3, "Tries to fetch a mail before it is put by for an officer.")
    alarm_after_hours: float = setting(
        0.0, "Office hours without any new mail after which officers are told; 0: never."
    )
    ca_file: str = setting(
        "", "PEM file of the authority that signed the server's certificate; empty: the system's."
    )


@dataclass(frozen=True, slots=True)
class LinksSettings:
    """``[links]`` - the pages on which large enclosures wait; only this may face the Internet."""

    listen: str = setting("127.0.0.1:8026", "Address and port of the links listener; empty: none.")
    public_url: str = setting("", "Address under which receivers reach it; empty: from listen.")
    tls_cert: str = setting("", "Certificate (PEM); empty: plain HTTP, for a proxy in front.")
    tls_key: str = setting("", "Key of the certificate.")
    life_days: int = setting(3650, "Days a link lives.")
    max_upload_bytes: int = setting(4_000_000_000, "Largest file taken through an upload link.")


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """``[scan]`` - the virus scanner that every letter is shown to: ClamAV's clamd."""

    clamd: str = setting("", "host:port or unix:/path of clamd; empty: letters are not scanned.")
    max_bytes: int = setting(
        100_000_000, "Largest mail shown to it, in bytes; at most its own StreamMaxLength."
    )
    timeout: float = setting(60.0, "Seconds for one letter; after that it is kept as not scanned.")
    connections: int = setting(8, "Most letters at it at once; at most its own MaxThreads.")


@dataclass(frozen=True, slots=True)
class TrustSettings:
    """``[trust]`` - how it is found out who really sent a mail: SPF, DKIM, DMARC, ARC."""

    nameservers: tuple[str, ...] = setting(
        (), "Name servers to ask, as address or address:port; empty: the system's."
    )
    timeout: float = setting(
        5.0,
        "Seconds one question to them may take; all those of one letter may take four times that.",
    )
    authserv_id: str = setting(
        "",
        "Our name as a checker of senders; empty: instance.hostname."
        " What strangers write under it into Authentication-Results is called forged.",
    )
    trusted_sealers: tuple[str, ...] = setting(
        (), "Domains that forward mail to us and whose ARC seal is believed."
    )


@dataclass(frozen=True, slots=True)
class SendSettings:
    """``[send]`` - how letters leave."""

    hold: float = setting(0.0, "Seconds every letter is held so that it can still be taken back.")
    retry_first: float = setting(300.0, "Seconds before the first retry; doubled each time.")
    retry_most: float = setting(4000.0, "Most seconds between two tries.")
    give_up_after: float = setting(
        432_000.0, "Seconds after which a letter that could not be sent is given up (5 days)."
    )
    webhook_networks: tuple[str, ...] = setting(
        (), "Networks beyond the public Internet that webhooks of programs may call (10.0.0.0/8)."
    )


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """``[[notify]]`` - whom to tell of what needs a person."""

    entity: str = setting("", "Code of the entity; empty: all.")
    mail: str = setting("", "Address that is told.")
    webhook: str = setting(
        "", "URL that is told by POST: https, or http on this machine; empty: none."
    )
    secret_file: str = setting(
        "", "File with the secret that signs what is posted; required with a webhook."
    )
    ca_file: str = setting(
        "", "PEM file of the authority that signed the webhook's certificate; empty: the system's."
    )
    events: tuple[str, ...] = setting(
        EVENTS,
        "What is told: urgent (ด่วนมาก, ด่วนที่สุด came), unseen (nobody looked at ด่วนที่สุด in time), "
        "secret (one came), overdue, trouble.",
    )

    def __post_init__(self) -> None:
        """Refuse what could not be used. Raises ValueError."""
        unknown = set(self.events) - set(EVENTS)
        if unknown:
            raise ValueError(f"events: there is no {min(unknown)}, only {', '.join(EVENTS)}")
        if self.webhook and not self.secret_file:
            raise ValueError("a webhook needs a secret_file")
        url = urlsplit(self.webhook)
        plain = url.scheme == "http" and url.hostname in _THIS_MACHINE
        if self.webhook and not (url.hostname and (plain or url.scheme == "https")):
            raise ValueError("webhook must be https://..., or http on this machine")


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """All sections that the gateway reads."""

    smtp: SmtpSettings = field(default_factory=SmtpSettings)
    submission: SubmissionSettings = field(default_factory=SubmissionSettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)
    relay: tuple[RelaySettings, ...] = ()
    collector: tuple[CollectorSettings, ...] = ()
    links: LinksSettings = field(default_factory=LinksSettings)
    scan: ScanSettings = field(default_factory=ScanSettings)
    trust: TrustSettings = field(default_factory=TrustSettings)
    send: SendSettings = field(default_factory=SendSettings)
    notify: tuple[NotifySettings, ...] = ()
