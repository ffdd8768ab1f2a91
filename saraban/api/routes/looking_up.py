"""The directory: whom one may write to, who an entity is, which units the own entity has."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator
from starlette.responses import JSONResponse, Response

from registry import completing, directory
from registry.errors import NotFound
from registry.thai.text import tidy
from saraban.api.caller import Reading
from saraban.api.shapes.said import EntityShape, ReceiversShape, UnitsShape

router = APIRouter(tags=["directory"])


@router.get(
    "/directory", response_model=None, responses={200: {"model": ReceiversShape}},
    summary="Whom to write to",
)  # fmt: skip
def look_up(
    caller: Reading, q: Annotated[str, Query(min_length=1, max_length=200), AfterValidator(tidy)]
) -> Response:
    """Suggest receivers for some words; `token` names one in a letter."""
    with caller.read() as session:
        found = completing.complete(session, caller.entity, q)
    items = [
        {"token": one.token, "kind": one.kind, "name": one.name, "place": one.place,
         "address": one.address}
        for one in found
    ]  # fmt: skip
    return JSONResponse({"items": items})


@router.get(
    "/directory/{code}", response_model=None, responses={200: {"model": EntityShape}},
    summary="One entity",
)  # fmt: skip
def entity(
    caller: Reading, code: Annotated[str, Path(min_length=1, max_length=40), AfterValidator(tidy)]
) -> Response:
    """Give a legal entity by its code."""
    with caller.read() as session:
        found = directory.entity_by_code(session, code)
    if found is None:
        raise NotFound("no such entity", thai="ไม่พบหน่วยงานรหัสนี้ในทำเนียบ")
    return JSONResponse(
        {
            "code": found.code, "name": found.name, "address": found.central_address,
            "letter_code": found.letter_code, "hosted": found.hosted, "phone": found.phone,
            "province": found.province, "district": found.district,
        }
    )  # fmt: skip


@router.get("/units", response_model=None, responses={200: {"model": UnitsShape}}, summary="Units")
def units(caller: Reading) -> Response:
    """List the units of the token's entity."""
    with caller.read() as session:
        found = directory.units(session, caller.entity.id)
    items = [
        {"code": one.code, "name": one.name, "letter_code": one.letter_code,
         "keeps_books": one.keeps_books}
        for one in found
    ]  # fmt: skip
    return JSONResponse({"items": items})
