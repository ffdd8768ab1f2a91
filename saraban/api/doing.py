"""Acts as a program asks for them: done once, in one transaction, and answered with what is now.

With an Idempotency-Key the act and the key stand or fall together (:mod:`registry.once`); asked
again, the present state is answered and nothing is done. What is kept of an answer are ids, never
what a letter says. With If-Match an act is done only on the state that the program has read.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from registry import entries, letters, once
from registry.errors import NotAllowed, NotFound
from registry.letter.entry import Entry
from registry.letters import Letter
from saraban.api.caller import Caller
from saraban.api.problems import Refused
from saraban.cli.beside import beside
from saraban.cli.entries import as_data, letter_data

_HIDDEN: Final = "หนังสือฉบับนี้มีชั้นความลับ โปรแกรมนี้ไม่มีสิทธิดำเนินการ"


@dataclass(frozen=True)
class Result:
    """What an act came to: an entry or a letter, shown as it is now, or ids of its own."""

    status: int = 200
    entry: str = ""
    letter: str = ""
    said: dict[str, Any] = field(default_factory=dict)


def do(caller: Caller, body: BaseModel | None, work: Callable[[Session], Result]) -> Response:
    """Do an act once, and answer."""
    with caller.write() as session:
        result = _once(caller, session, body, work)
    return show(caller, result)


def on_entry(
    caller: Caller,
    entry_id: str,
    body: BaseModel | None,
    work: Callable[[Session, Entry], Result | None],
) -> Response:
    """Do an act on an entry once, and answer with the entry unless the act says else."""

    def act(session: Session) -> Result:
        entry = entry_to_act_on(session, caller, entry_id)
        must_match(session, caller, entry)
        return work(session, entry) or Result(entry=entry.id)

    return do(caller, body, act)


def show(caller: Caller, result: Result) -> Response:
    """Answer with an entry, a letter, or what the act said."""
    if not result.entry and not result.letter:
        return JSONResponse(result.said, result.status)
    with caller.read() as session:
        if result.entry:
            entry = seen_entry(session, caller, result.entry)
            data, place = whole_data(session, caller, entry), f"/api/v1/entries/{entry.id}"
        else:
            letter = seen_letter(session, caller, result.letter)
            data, place = whole_data(session, caller, letter), f"/api/v1/letters/{letter.id}"
    headers = {"ETag": etag_of(data)} | ({"Location": place} if result.status == 201 else {})
    return JSONResponse(data, result.status, headers)


def seen_entry(session: Session, caller: Caller, entry_id: str) -> Entry:
    """Give an entry of the caller's entity, redacted where it is not cleared. Raises NotFound."""
    keys = caller.runtime.keys
    with caller.gate(session):
        return entries.get(session, entry_id, keys=keys, cleared=caller.cleared)


def entry_to_act_on(session: Session, caller: Caller, entry_id: str) -> Entry:
    """Give an entry that the caller may change. Raises NotFound, NotAllowed for a secret one."""
    entry = seen_entry(session, caller, entry_id)
    if entry.secrecy is not None and not caller.cleared:
        raise NotAllowed(f"entry {entry_id} is secret", thai=_HIDDEN)
    return entry


def seen_letter(session: Session, caller: Caller, letter_id: str) -> Letter:
    """Give a letter, by its id or that of its entry, that the caller may read. Raises NotFound."""
    with caller.gate(session):
        found, _entry = letters.resolve(session, letter_id)
        if found is None:
            raise NotFound(f"no letter {letter_id}")
        return letters.get_letter(session, found)


def data_of_entry(caller: Caller, entry: Entry) -> dict[str, Any]:
    """Give an entry as lists have it (docs/JSON.md)."""
    return as_data(entry, caller.runtime.links_url)


def whole_data(session: Session, caller: Caller, one: Entry | Letter) -> dict[str, Any]:
    """Give an entry or letter with what is known beside it, as ``letter show --json`` does."""
    if isinstance(one, Letter):
        letter: Letter | None = one
        data, marked = letter_data(one), one.secrecy
    else:
        letter = letters.get_letter(session, one.letter_id) if one.letter_id else None
        data, marked = data_of_entry(caller, one), one.secrecy
    closed = marked is not None or (letter is not None and bool(letter.secrecy or letter.sealed))
    known = beside(session, letter, hidden=closed and not caller.cleared)
    return data | known.as_json()


def etag_of(data: Any) -> str:
    """Give the name of a state; two that differ have different names (RFC 9110 §8.8.3)."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return f'"{hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]}"'


def must_match(
    session: Session, caller: Caller, one: Entry | Letter, *, needed: bool = False
) -> None:
    """Raise Refused when the caller read another state, or did not say which (RFC 9110 §13.1.1)."""
    if needed and not caller.match:
        raise Refused(428, "a change needs If-Match")
    wanted = [tag.strip() for tag in caller.match.split(",") if tag.strip()]
    if not wanted or "*" in wanted:
        return
    if etag_of(whole_data(session, caller, one)) not in wanted:
        raise Refused(412, "it was changed meanwhile")


def _once(
    caller: Caller, session: Session, body: BaseModel | None, work: Callable[[Session], Result]
) -> Result:
    if not caller.once:
        return work(session)
    whose, digest = caller.token.whose, caller.digest_of(body)
    before = once.claim(session, whose, caller.once, caller.now, digest)
    if before is not None:
        return Result(**json.loads(before.response))
    result = work(session)
    once.answer(session, whose, caller.once, result.status, json.dumps(asdict(result)))
    return result
