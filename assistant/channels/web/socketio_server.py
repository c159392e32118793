"""python-socketio as we run it: no attachments, no messages in the log, and no error for malformed packets."""

from __future__ import annotations

import logging
from typing import Any

import engineio
import socketio
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio.packet import Packet

from assistant.channels.web.messages import LONGEST_BODY
from assistant.server.responses import status_response

_log = logging.getLogger(__name__)
_log.setLevel(logging.CRITICAL)  # at lower levels it logs messages, and a traceback for each malformed packet


class _Text(Packet):
    """A packet without attachments: ours have none, and a client that announces millions could fill the memory."""

    def decode(self, encoded_packet: Any) -> int:
        """The number of attachments, which is zero.

        Raises:
            ValueError: it announces some.
        """
        if super().decode(encoded_packet):
            raise ValueError("attachments are not taken")
        return 0


class _EngineIOServer(engineio.AsyncServer):
    """Disconnects a client that broke the protocol at once; the library waits until it has read its queue."""

    async def handle_request(self, request: Request) -> HTTPResponse:
        """Answer a request, with 400 for a malformed one, where the library would raise."""
        try:
            response: HTTPResponse = await super().handle_request(request)
        except (KeyError, ValueError, RecursionError):  # a closed connection, an invalid host or packet
            return status_response(400)
        return response

    async def disconnect(self, sid: str | None = None) -> None:
        """Close one connection, or all."""
        if sid in self.sockets:
            await self.sockets[sid].close(wait=False, reason=self.reason.SERVER_DISCONNECT)
            self.sockets.pop(sid, None)
        elif sid is None:
            await super().disconnect()


class SocketIOServer(socketio.AsyncServer):
    """A Socket.IO server for one namespace.

    Args:
        may_connect: decides by the origin and the environment of a request whether it may connect.
    """

    def __init__(self, may_connect: Any) -> None:
        super().__init__(
            async_mode="sanic",
            cors_allowed_origins=may_connect,
            cors_credentials=False,
            max_http_buffer_size=LONGEST_BODY,
            namespaces=["/"],
            serializer=_Text,
            logger=_log,
            engineio_logger=_log,
        )

    def _engineio_server_class(self) -> type[engineio.AsyncServer]:
        return _EngineIOServer
