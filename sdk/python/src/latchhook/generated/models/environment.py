from typing import Literal, cast

Environment = Literal["live", "test"]


def check_environment(value: str) -> Environment:
    return cast(Environment, value)
