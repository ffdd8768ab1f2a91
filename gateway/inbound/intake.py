"""One letter between the wire and the spool.

While a letter streams in it is measured, its header is watched, and its bytes go to the spool.
The first thing that is wrong with it is kept and everything after is thrown away unread: the
client must be let finish before it can be told (RFC 5321 §4.2.5), and what it sends must
never be taken for commands. There is an end to that patience: who sends far more than the limit
allows has :attr:`Intake.overdrawn` it.
"""

from gateway.errors import BareLineEnding
from gateway.inbound.data import Framing
from gateway.inbound.header_watch import HeaderWatch
from gateway.inbound.policy import Policy
from gateway.inbound.spool import SpoolFile


class Intake:
    """Takes the blocks of one DATA; :meth:`finish` says whether the letter may be committed."""

    def __init__(
        self, letter: SpoolFile, watch: HeaderWatch, policy: Policy, most_discarded: int
    ) -> None:
        self.letter = letter
        self._watch = watch
        self._policy = policy
        self._left = policy.max_bytes + most_discarded
        self._framing = Framing(counts=policy.strict_line_endings)
        self._wrong: Exception | None = None

    @property
    def ended(self) -> bool:
        """Whether the end of data was seen."""
        return self._framing.ended

    @property
    def rest(self) -> bytes:
        """What the client sent behind the end of data."""
        return self._framing.rest

    @property
    def overdrawn(self) -> bool:
        """Whether more came than is read even of a letter that is refused for its size."""
        return self._left < 0 and not self.ended

    def take(self, block: bytes) -> None:
        """Take a block as it came from the client; never raises."""
        self._left -= len(block)
        plain = self._framing.feed(block)
        if self._wrong is not None:
            return
        try:
            self._keep(plain)
        except Exception as error:  # noqa: BLE001 - whatever it is, the rest of DATA must be read
            self._wrong = error
            self.letter.abandon()

    def finish(self) -> None:
        """Raise the first thing that was wrong, such as a bare CR or LF where they count."""
        if self._wrong is not None:
            raise self._wrong
        self._watch.close()
        if self._framing.bare_line_endings:
            raise BareLineEnding

    def _keep(self, plain: bytes) -> None:
        if self.letter.size + len(plain) > self._policy.max_bytes:
            raise self._policy.too_large()
        self._watch.feed(plain)
        self.letter.write(plain)
