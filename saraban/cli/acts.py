"""What acts on one letter have in common: REF, ``--entity``, ``--by``, ``--json``, one transaction.

An act is a function that gets a :class:`Hand` and gives a :class:`Done`::

    @click.command()
    @click.option("--text", required=True)
    @on_entry
    def endorse(hand: Hand, text: str) -> Done:
        order.endorse(hand.session, hand.desk, hand.id, hand.by, text)
        return Done("เกษียนแล้ว")

With ``--json`` the id and the facts of the act are printed; the words are told in any case.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import click
from sqlalchemy.orm import Session

from gateway import wake
from registry.desk.context import Desk
from saraban.cli.common import acting, as_json, emit, entity_option, say, with_runtime
from saraban.cli.who import entry_of, letter_of
from saraban.runtime import OfficeRuntime

_Find = Callable[[Session, str, str | None], str]


@dataclass(frozen=True, slots=True)
class Hand:
    """An act that is being done: by whom, on which entry or letter, in which transaction."""

    runtime: OfficeRuntime
    session: Session
    id: str
    by: str

    @property
    def desk(self) -> Desk:
        """What acts of the desk need."""
        return self.runtime.desk


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in Thai words for people and as facts for programs."""

    words: str
    facts: dict[str, Any] = field(default_factory=dict)


_Act = Callable[..., Done]
"""An act: its first argument is a :class:`Hand`, the others are options."""


def on_entry(command: _Act) -> Callable[..., None]:
    """Make a command of an act on an entry."""
    return _made(command, entry_of, "entry")


def on_letter(command: _Act) -> Callable[..., None]:
    """Make a command of an act on a letter, which may have no number yet."""
    return _made(command, letter_of, "letter")


def _made(command: _Act, find: _Find, name: str) -> Callable[..., None]:
    @click.argument("ref")
    @entity_option
    @acting
    @as_json
    @with_runtime
    @functools.wraps(command)
    def wrapper(
        runtime: OfficeRuntime, ref: str, owner: str | None, by: str, *, as_json: bool, **given: Any
    ) -> None:
        with runtime.database.write() as session:
            found = find(session, ref, owner)
            done = command(Hand(runtime, session, found, by), **given)
        wake.ring(runtime.data_dir, wake.MAILQ)
        if as_json:
            emit({name: found} | done.facts)
        say(done.words)

    return wrapper
