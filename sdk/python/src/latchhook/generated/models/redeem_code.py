from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="RedeemCode")


@_attrs_define
class RedeemCode:
    """A sign-in code.

    Example:
        {'code': 'lhps_…'}

    """

    code: str
    """ Sign-in code, from after `?code=` in the session's `url`. """

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        code = d.pop("code")

        redeem_code = cls(
            code=code,
        )

        return redeem_code
