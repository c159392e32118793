"""Mail leaves encrypted, is tried again where that may help, and is never sent twice knowingly."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.delivery.attempt import Refused, Retry
from assistant.delivery.letter import Letters
from assistant.delivery.mail import MailSender
from bench.cluster import stable_port
from tests.assistant.delivery.conftest import load, message
from tests.assistant.delivery.servers import Mailbox
from tests.certificates import self_signed

LETTERS = Letters("chat@firm.example", "sales@firm.example")
ELSEWHERE = "mail.firm.example"  # a name that does not say that it is this machine


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return self_signed(tmp_path_factory.mktemp("tls"), ELSEWHERE)


@pytest.fixture
def tls(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The firm's mail server, which answers on loopback."""
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *rest: Any, **named: Any) -> Any:
        return real("127.0.0.1" if host == ELSEWHERE else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server on this machine, which needs no encryption."""
    made = Mailbox()
    yield made
    made.close()


def send(url: str, kind: str = "lead", *, private: bool = True) -> None:
    asyncio.run(MailSender(url, LETTERS, load, private=private)(message(kind=kind, destination="mail")))


@pytest.mark.usefixtures("trusted")
def test_mail_is_encrypted_from_the_beginning(tls: ssl.SSLContext) -> None:
    mailbox = Mailbox(tls, at_once=True)
    send(f"smtps://localhost:{mailbox.port}")
    mailbox.close()
    assert mailbox.encrypted == [True]
    assert mailbox.mails[0]["To"] == "sales@firm.example"


@pytest.mark.usefixtures("trusted", "elsewhere")
def test_mail_is_encrypted_by_starttls(tls: ssl.SSLContext) -> None:
    mailbox = Mailbox(tls)
    send(f"smtp://{ELSEWHERE}:{mailbox.port}", "report")
    mailbox.close()
    assert mailbox.encrypted == [True]
    assert mailbox.mails[0]["To"] == "zoe@acme.example"


@pytest.mark.usefixtures("elsewhere")
def test_server_without_encryption_gets_nothing(mailbox: Mailbox) -> None:
    with pytest.raises(Retry):
        send(f"smtp://{ELSEWHERE}:{mailbox.port}")
    assert mailbox.mails == []


@pytest.mark.usefixtures("elsewhere")
def test_untrusted_server_gets_nothing(tls: ssl.SSLContext) -> None:
    mailbox = Mailbox(tls)
    with pytest.raises(Retry):
        send(f"smtp://{ELSEWHERE}:{mailbox.port}")
    mailbox.close()
    assert mailbox.mails == []


@pytest.mark.usefixtures("elsewhere")
def test_server_in_the_own_network_gets_nothing_unless_that_is_allowed(mailbox: Mailbox) -> None:
    with pytest.raises(Retry, match="SEATWISE_PRIVATE_ADDRESSES"):
        send(f"smtp://{ELSEWHERE}:{mailbox.port}", private=False)


def test_relay_on_this_machine_needs_no_encryption(mailbox: Mailbox) -> None:
    send(f"smtp://127.0.0.1:{mailbox.port}")
    assert mailbox.encrypted == [False]


def test_temporary_failure_is_tried_again(mailbox: Mailbox) -> None:
    mailbox.to_recipients = ["450 mailbox of sales@firm.example is busy"]
    mailbox.to_mails = ["451 come back later"]
    for expected in ("status 450: mailbox of … is busy", "status 451: come back later"):
        with pytest.raises(Retry) as failed:
            send(f"smtp://127.0.0.1:{mailbox.port}")
        assert str(failed.value) == expected
    send(f"smtp://127.0.0.1:{mailbox.port}")
    assert len(mailbox.mails) == 1


def test_permanent_failure_is_a_dead_letter(mailbox: Mailbox) -> None:
    mailbox.to_recipients = ["550 no such user"]
    mailbox.to_mails = ["554 this looks like spam"]
    for expected in ("status 550: no such user", "status 554: this looks like spam"):
        with pytest.raises(Refused, match=expected):
            send(f"smtp://127.0.0.1:{mailbox.port}")


def test_server_that_is_away_is_tried_again() -> None:
    with pytest.raises(Retry, match="refused"):
        send(f"smtp://127.0.0.1:{stable_port()}")


def test_password_is_in_no_error(mailbox: Mailbox) -> None:
    with pytest.raises(Retry) as failed:
        send(f"smtp://user:hunter2@127.0.0.1:{mailbox.port}")  # which offers no login
    assert "hunter2" not in str(failed.value)
