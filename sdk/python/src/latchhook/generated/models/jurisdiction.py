from typing import Literal, cast

Jurisdiction = Literal["CA", "US"]


def check_jurisdiction(value: str) -> Jurisdiction:
    return cast(Jurisdiction, value)
