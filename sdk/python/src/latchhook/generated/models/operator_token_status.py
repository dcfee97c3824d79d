from typing import Literal, cast

OperatorTokenStatus = Literal["active", "ended", "expired"]


def check_operator_token_status(value: str) -> OperatorTokenStatus:
    return cast(OperatorTokenStatus, value)
