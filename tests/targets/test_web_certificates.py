"""This machine's own certificate is believed, by a feed as by any other request; another host's is not."""

import shutil
import socket
import ssl
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="pip install 'memfence[server]'")
pytest.importorskip("websockets", reason="pip install 'memfence[http]'")

import uvicorn
from fastapi import FastAPI, Response, WebSocket

from memfence.performing.replies import read_reply
from memfence.targets.web.app_file import parse
from memfence.targets.web.over_http import OverHttp
from memfence.targets.web.subscribed_over_http import trusting
from memfence.targets.web.target import WebTarget

FILE = "sign_in = 'POST /login {user, password}'\nget_all = 'GET /notes'\nlive = 'WS /live'\n"


def created() -> FastAPI:
    app = FastAPI()

    @app.post("/login")
    async def login(response: Response) -> None:
        response.set_cookie("sid", "one")

    @app.get("/notes")
    async def notes() -> list[str]:
        return ["I like tea"]

    @app.websocket("/live")
    async def live(own: WebSocket) -> None:
        await own.accept()
        await own.send_text("I like milk")
        await own.receive()

    return app


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve the application with a certificate that it has signed itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("a certificate is made by openssl")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    made = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        [*made, "-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=localhost"],
        check=True,
        capture_output=True,
    )
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        config = uvicorn.Config(
            created(), log_config=None, lifespan="off", ssl_keyfile=key, ssl_certfile=certificate, log_level="critical"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


def test_a_websocket_is_opened_where_requests_are_answered(address: str) -> None:
    target = WebTarget(parse(tomllib.loads(FILE)), lambda: OverHttp(address))
    ann = target.make_memory("ann")

    listed = [record.text for record in read_reply(ann.get_all(), str).records]
    # Each look waits a moment by itself.
    looks = (read_reply(ann.live(), str).records for _ in range(20))
    told = [record.text for record in next(filter(None, looks), ())]

    target.close()
    assert (listed, told) == (["I like tea"], ["I like milk"])


def test_the_certificate_of_another_host_must_be_a_good_one() -> None:
    assert trusting("127.0.0.1").verify_mode == ssl.CERT_NONE
    assert trusting("notes.example.com").verify_mode == ssl.CERT_REQUIRED
    assert trusting("notes.example.com").check_hostname
