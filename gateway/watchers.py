"""The targets of ``[[notify]]`` as the desk knows them: where jobs go, and for which events.

A webhook is named by a digest of its URL at the host's name: the name fits where addresses stand,
waits and lanes of the mail queue belong to the host as for mail, and the URL, which may hold a
secret of its own, is in the settings only. A URL that is taken out of the settings is found no
more, and jobs for it end.
"""

import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

from gateway.settings import NotifySettings
from registry.letter.watcher import Watcher


def watchers_of(notify: Iterable[NotifySettings]) -> tuple[Watcher, ...]:
    """Return one watcher for each mail address and each webhook."""
    found = []
    for one in notify:
        if one.mail:
            found.append(Watcher(one.entity, one.mail, one.events))
        if one.webhook:
            found.append(Watcher(one.entity, name_of(one.webhook), one.events, webhook=True))
    return tuple(found)


def name_of(url: str) -> str:
    """Return the name under which jobs for this URL stand in the outbox."""
    digest = hashlib.sha256(url.encode()).hexdigest()[:16]
    return f"webhook-{digest}@{(urlsplit(url).hostname or '')[:200]}"


def webhook_named(notify: Iterable[NotifySettings], name: str) -> NotifySettings | None:
    """Return the target of this name, or None when the settings have it no more."""
    hooks = (one for one in notify if one.webhook)
    return next((one for one in hooks if name_of(one.webhook) == name), None)
