from typing import Literal, cast

Signing = Literal["ed25519", "hmac"]


def check_signing(value: str) -> Signing:
    return cast(Signing, value)
