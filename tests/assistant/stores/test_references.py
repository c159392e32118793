"""Only a signed reference links a chat to a call."""

from __future__ import annotations

import pytest

from assistant.stores.references import References

OLD, NEW = "an-old-key-of-at-least-thirty-two-bytes", "a-new-key-of-at-least-thirty-two-bytes"


def test_signed_reference_is_accepted_after_key_rotation() -> None:
    signed = References([OLD]).signed("acme-7")
    assert signed.startswith("acme-7.")
    assert References([OLD]).read(signed) == References([NEW, OLD]).read(signed) == "acme-7"
    assert References([NEW]).read(signed) is None


@pytest.mark.parametrize(
    "given",
    [
        "acme-7",
        "acme-7.",
        "acme-7.AAAAAAAAAAAAAAAAAAAAAA",
        ".",
        "",
        "<b>.x",
        "a" * 65 + ".x",
        "acme-7.ü",
        None,
        7,
        ["x"],
    ],
)
def test_unsigned_and_forged_references_are_ignored(given: object) -> None:
    assert References([OLD]).read(given) is None


def test_signature_is_valid_for_one_reference_only() -> None:
    signature = References([OLD]).signed("acme-7").partition(".")[2]
    assert References([OLD]).read(f"acme-8.{signature}") is None
