"""What one request leaves behind: nothing that is open."""

import httpx
from fastapi import FastAPI
from starlette.datastructures import UploadFile

from saraban.web import cookies, csrf
from saraban.web.visit import Guest
from tests.saraban.office import OFFICER

_BIG = b"x" * 1_100_000  # more than Starlette keeps in memory


async def test_files_of_a_form_are_open_for_its_handler_and_closed_behind_it(desk):
    app, seen, given = FastAPI(), [], []
    app.state.runtime = desk.runtime

    @app.post("/laid")
    def laid(visit: Guest) -> int:
        given.extend(visit.form.files["one"])
        seen.append([len(one.file.read()) for one in given])
        return len(given)

    cookie = desk.session_of(OFFICER)
    token = csrf.token_for(desk.runtime.keys, cookie)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        client.cookies.set(cookies.session_name(https=False), cookie)
        files = [("one", ("ก.pdf", _BIG)), ("one", ("ข.pdf", _BIG))]
        await client.post("/laid", data={"_token": token}, files=files)
    assert seen == [[len(_BIG)] * 2]
    assert all(isinstance(one, UploadFile) and one.file.closed for one in given)
