"""Which sections ``saraban.toml`` has, and which class each one fills.

One list for all who need it: the loader, ``docs/CONFIG.md`` and the sample configuration. A
section in double brackets may stand several times.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gateway import settings as gateway_settings
from registry import settings as office_settings


@dataclass(frozen=True, slots=True)
class WebSettings:
    """``[web]`` - the officers' pages."""

    listen: str = office_settings.setting(
        "127.0.0.1:8025", "Address and port of the officers' pages; empty: none."
    )
    tls_cert: str = office_settings.setting(
        "", "Certificate chain (PEM); empty: plain HTTP, for a proxy on this machine."
    )
    tls_key: str = office_settings.setting("", "Its key (PEM).")
    hosts: tuple[str, ...] = office_settings.setting(
        (), "Names under which the pages are asked for, besides that of instance.public_url."
    )
    idle_minutes: int = office_settings.setting(
        120, "Minutes without use after which an officer has to sign in again."
    )
    session_hours: int = office_settings.setting(
        12, "Hours after which an officer has to sign in again in any case."
    )
    undo_seconds: float = office_settings.setting(
        15.0,
        "Seconds that a letter sent from a page rests, if send.hold is less, to be taken back.",
    )
    second_factor: str = office_settings.setting(
        "optional",
        "optional: who set up a code by telephone is asked for it; required: everybody must.",
    )
    api_per_minute: int = office_settings.setting(
        600, "Requests a minute that one program (token) may send to the API."
    )

    def __post_init__(self) -> None:
        if bool(self.tls_cert) != bool(self.tls_key):
            raise ValueError("web.tls_cert and web.tls_key go together")
        if min(self.idle_minutes, self.session_hours, self.api_per_minute) < 1:
            raise ValueError("idle_minutes, session_hours and api_per_minute are at least 1")


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """``[oidc]`` - signing in to the pages through another house (OpenID Connect)."""

    issuer: str = office_settings.setting(
        "", "Address of the provider, exactly as it names itself (https://...); empty: none."
    )
    client_id: str = office_settings.setting("", "Name under which the provider knows us.")
    client_secret_file: str = office_settings.setting(
        "", "File that holds the secret shared with the provider; empty: none, PKCE alone."
    )
    name: str = office_settings.setting("", "What the button says; empty: the provider's host.")

    def __post_init__(self) -> None:
        if bool(self.issuer) != bool(self.client_id):
            raise ValueError("issuer and client_id go together")
        if self.issuer and not is_safe(self.issuer):
            raise ValueError("issuer must be https://, or on this machine")


def is_safe(address: str) -> bool:
    """Say whether nobody on the way can read or change what is asked there."""
    parts = urlsplit(address)
    local = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and local))


SINGLE: dict[str, type[Any]] = {
    "instance": office_settings.Instance,
    "database": office_settings.DatabaseSettings,
    "blobs": office_settings.BlobSettings,
    "registry": office_settings.RegistrySettings,
    "attachments": office_settings.AttachmentSettings,
    "secrecy": office_settings.SecrecySettings,
    "smtp": gateway_settings.SmtpSettings,
    "submission": gateway_settings.SubmissionSettings,
    "worker": gateway_settings.WorkerSettings,
    "web": WebSettings,
    "oidc": OidcSettings,
    "links": gateway_settings.LinksSettings,
    "scan": gateway_settings.ScanSettings,
    "trust": gateway_settings.TrustSettings,
    "send": gateway_settings.SendSettings,
    "reading": office_settings.ReadingSettings,
    "signatures": office_settings.SignatureSettings,
    "log": office_settings.LogSettings,
    "metrics": office_settings.MetricsSettings,
}
MANY: dict[str, type[Any]] = {
    "relay": gateway_settings.RelaySettings,
    "collector": gateway_settings.CollectorSettings,
    "notify": gateway_settings.NotifySettings,
}
CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("registry", "receive"): ("automatic", "by_officer"),
    ("registry", "send"): ("automatic", "by_officer"),
    ("registry", "on_possible_duplicate"): ("register", "wait"),
    ("registry", "overdue"): ("directory", "acknowledging", "off"),
    ("secrecy", "policy"): ("hold", "refuse"),
    ("log", "format"): ("text", "json"),
    ("log", "level"): ("debug", "info", "warning", "error"),
    ("web", "second_factor"): ("optional", "required"),
    ("relay", "tls"): ("none", "starttls", "tls"),
    ("collector", "tls"): ("none", "tls"),
    ("collector", "after"): ("flag", "move"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a process is told when it starts."""

    office: office_settings.OfficeSettings = field(default_factory=office_settings.OfficeSettings)
    gateway: gateway_settings.GatewaySettings = field(
        default_factory=gateway_settings.GatewaySettings
    )
    web: WebSettings = field(default_factory=WebSettings)
    oidc: OidcSettings = field(default_factory=OidcSettings)
    path: Path | None = None
