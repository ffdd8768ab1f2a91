"""Who the token is: what a program asks first."""

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from saraban.api.caller import Reading
from saraban.times import iso

router = APIRouter(tags=["token"])


class MeShape(BaseModel):
    """A token, as its program may know it."""

    token: int
    name: str
    entity: str
    entity_name: str
    officer: str | None
    role: str | None
    scopes: list[str]
    expires_at: str | None


@router.get("/me", response_model=None, responses={200: {"model": MeShape}}, summary="This token")
def me(caller: Reading) -> Response:
    """Tell for which entity and in whose name the token works, and what it may do."""
    token = caller.token
    return JSONResponse(
        {
            "token": token.id,
            "name": token.name,
            "entity": token.entity.code,
            "entity_name": token.entity.name,
            "officer": token.officer.email if token.officer else None,
            "role": str(token.officer.role) if token.officer else None,
            "scopes": sorted(token.scopes),
            "expires_at": iso(token.expires_at),
        }
    )
