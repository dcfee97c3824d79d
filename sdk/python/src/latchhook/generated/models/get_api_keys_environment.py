from typing import Literal, cast

GetApiKeysEnvironment = Literal["live", "test"]


def check_get_api_keys_environment(value: str) -> GetApiKeysEnvironment:
    return cast(GetApiKeysEnvironment, value)
