from typing import Literal, cast

KeyType = Literal["publishable", "secret"]


def check_key_type(value: str) -> KeyType:
    return cast(KeyType, value)
