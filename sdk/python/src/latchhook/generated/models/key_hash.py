from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="KeyHash")


@_attrs_define
class KeyHash:
    """Hash of a key."""

    algorithm: str
    """ Always `sha256`. """
    value: str
    """ 64 hexadecimal digits. """

    def to_dict(self) -> dict[str, Any]:
        algorithm = self.algorithm

        value = self.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "algorithm": algorithm,
                "value": value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        algorithm = d.pop("algorithm")

        value = d.pop("value")

        key_hash = cls(
            algorithm=algorithm,
            value=value,
        )

        return key_hash
