"""The ways out of this machine: HTTP to the publisher, and TLS for that and for its broker."""

from __future__ import annotations

import ssl
import threading
from dataclasses import dataclass

from agent import tls
from agent.fetch import Fetcher
from config.certificates import ClientTls, TlsFiles
from config.settings import PublisherSettings
from player.enrolment import MqttAccess


@dataclass(frozen=True, slots=True)
class Network:
    """Two HTTP sessions, one a thread, and their TLS context, which knows how far the clock may be believed.

    `superseded` makes `content` give up what it fetches.
    """

    content: Fetcher
    pictures: Fetcher
    context: ssl.SSLContext
    superseded: threading.Event

    def broker_tls(self, publisher: PublisherSettings, access: MqttAccess) -> ClientTls | None:
        """TLS towards the broker, by the same belief in the clock; None for one without."""
        if not access.tls:
            return None
        files = TlsFiles(publisher.ca_file, publisher.cert_file, publisher.key_file)
        return ClientTls(files, access.username, lambda: self.context.verify_flags)

    def close(self) -> None:
        self.content.close()
        self.pictures.close()


def open_network(publisher: PublisherSettings, token: str, *, clock_trusted: bool) -> Network:
    """The network as the settings and the claim's token describe it; nothing is connected yet.

    Raises certificates.CertificateError if the authorities' file cannot be used.
    """
    context = tls.context(publisher.ca_file, clock_trusted)
    superseded = threading.Event()
    content = Fetcher(publisher.url, token, context, superseded=superseded)
    return Network(content, Fetcher(publisher.url, token, context), context, superseded)
