"""The sentence encoder adapted to what people say of their companies.

As published, it knows what a sentence is about, and hardly whether it says yes or no: "the CRM works" and "the CRM
hardly works" are neighbors. ``adapter.npz`` holds small changes to its layers that bring out the difference. They were
fitted to data/replies and data/statements (adapting.py).
"""

from __future__ import annotations

from pathlib import Path

from assistant.nlu.encoder import Encoder, encoder

ADAPTER = Path(__file__).with_name("adapter.npz")


def adapted() -> Encoder:
    """The process-wide encoder of replies and statements about companies."""
    return encoder(ADAPTER)
