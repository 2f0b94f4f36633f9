"""The ways out: one session a thread, one belief in the clock for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from agent.fetch import FetchError
from agent.network import Network, open_network
from config.certificates import CertificateError, ClientTls
from config.settings import PublisherSettings
from player.enrolment import MqttAccess
from tests.agent.web import Web


def settings(url: str, ca_file: Path | None = None) -> PublisherSettings:
    return PublisherSettings(url, ca_file, None, None)


@pytest.fixture
def network(web: Web) -> Iterator[Network]:
    network = open_network(settings(web.url), "t0ken", clock_trusted=True)
    yield network
    network.close()


def test_what_supersedes_content_lets_a_picture_go_up(network: Network, web: Web) -> None:
    def accept(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(204)
        handler.end_headers()

    media = web.put(b"body")
    web.answers["/device/v1/picture"] = accept
    network.superseded.set()
    with pytest.raises(FetchError, match="superseded"):
        network.content.body(f"/content/{media.sha256}", media.size, media.sha256)
    network.pictures.put_picture("c1", b"png")
    assert web.bodies[-1] == b"png"
    assert web.seen[-1][2]["Authorization"] == "Bearer t0ken"


def test_only_a_broker_with_tls_is_met_with_it(network: Network) -> None:
    publisher = settings("https://publisher.invalid")
    assert network.broker_tls(publisher, MqttAccess("127.0.0.1", 1883, "s-test01", "geheim")) is None
    found = network.broker_tls(publisher, MqttAccess("127.0.0.1", 8883, "s-test01", "geheim", tls=True))
    assert isinstance(found, ClientTls)


def test_authorities_that_cannot_be_read_are_named(web: Web, tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match=r"no\.pem"):
        open_network(settings(web.url, tmp_path / "no.pem"), "t", clock_trusted=True)
