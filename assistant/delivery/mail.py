"""Sends mail by SMTP, encrypted on its way."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage

from yarl import URL

from assistant.delivery.addresses import check
from assistant.delivery.attempt import Refused, Retry
from assistant.delivery.letter import Letters
from assistant.delivery.parcel import Load
from assistant.settings import is_loopback
from assistant.stores.outbox import OutboxMessage

_STEP = 10.0  # seconds for one command
_TIMEOUT = 45.0  # seconds for all of them; less than the lease of a message
_PORTS = {"smtp": 587, "smtps": 465}


class MailSender:
    """Mails the firm its leads, and a prospect the report.

    Args:
        url: of the mail server: "smtps://user:password@host:465", or "smtp://…" to begin with STARTTLS, which only a
            server on this machine may lack.
        letters: writes the mails.
        load: puts together what is delivered.
        private: whether the address of the server may be private.
    """

    def __init__(self, url: str, letters: Letters, load: Load, *, private: bool = False) -> None:
        self._server = URL(url)
        self._port = self._server.port or _PORTS[self._server.scheme]
        self.letters = letters
        self._load = load
        self._private = private

    async def __call__(self, message: OutboxMessage) -> None:
        """Raises:
        Retry: the mail server is away, or cannot take the mail now.
        Refused: it never takes it.
        """
        await self.send(self.letters.letter(message, await self._load(message)))

    async def send(self, letter: EmailMessage) -> None:
        """Raises:
        Retry: the mail server is away, or cannot take the mail now.
        Refused: it never takes it.
        """
        await check(self._server.host or "", self._port, private=self._private)
        try:
            await asyncio.wait_for(asyncio.to_thread(self._send, letter), _TIMEOUT)
        except smtplib.SMTPRecipientsRefused as error:
            [(code, words)] = error.recipients.values()
            raise _failure(code, words) from None
        except smtplib.SMTPResponseException as error:
            raise _failure(error.smtp_code, error.smtp_error) from None
        except (OSError, asyncio.TimeoutError) as error:  # smtplib's other errors are OSErrors too
            raise Retry(error.strerror or type(error).__name__ if isinstance(error, OSError) else "timeout") from None

    def _send(self, letter: EmailMessage) -> None:
        server = self._connected(letter["From"].addresses[0].domain)
        try:
            if self._server.user:
                server.login(self._server.user, self._server.password or "")
            server.send_message(letter)
            with suppress(smtplib.SMTPException, OSError):  # the mail is accepted; sending it again would double it
                server.quit()
        finally:
            server.close()

    def _connected(self, domain: str) -> smtplib.SMTP:
        """A connection that nobody can read."""
        host, trusted = self._server.host or "", ssl.create_default_context()
        if self._server.scheme == "smtps":
            return smtplib.SMTP_SSL(host, self._port, domain, timeout=_STEP, context=trusted)
        server = smtplib.SMTP(host, self._port, domain, timeout=_STEP)
        if not is_loopback(host):
            try:
                server.starttls(context=trusted)
            except BaseException:
                server.close()
                raise
        return server


def _failure(code: int, words: bytes | str) -> Retry | Refused:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Refused(f"status {code}", said) if code >= 500 else Retry(f"status {code}", said)
