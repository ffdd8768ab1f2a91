"""The surroundings of a process of this program: those of the gateway, and the pages' settings."""

from dataclasses import dataclass, field

from gateway.service import Runtime
from saraban.config.sections import OidcSettings, Settings, WebSettings


@dataclass
class OfficeRuntime(Runtime):
    """What a running process holds; ``web`` are the settings of the officers' pages."""

    web: WebSettings = field(default_factory=WebSettings)
    oidc: OidcSettings = field(default_factory=OidcSettings)

    @classmethod
    def of(cls, settings: Settings) -> "OfficeRuntime":
        """Make the runtime of these settings."""
        return cls(settings.office, settings.gateway, web=settings.web, oidc=settings.oidc)

    @property
    def pages_url(self) -> str:
        """Address under which officers reach the pages, without a final slash."""
        if self.office.instance.public_url:
            return self.office.instance.public_url.rstrip("/")
        scheme = "https" if self.web.tls_cert else "http"
        host, _, port = self.web.listen.rpartition(":")
        return f"{scheme}://{host}:{self._bound('web') if port == '0' else port}"
