from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.received_response_headers import ReceivedResponseHeaders


T = TypeVar("T", bound="ReceivedResponse")


@_attrs_define
class ReceivedResponse:
    """Response that was received."""

    body_excerpt: None | str
    """ First KiB of the body; `null` once the event is erased. """
    headers: ReceivedResponseHeaders
    """ Headers: the first 64 lines, 256 characters of each. Values of a repeated header are joined
    by commas; bytes that are not UTF-8 and control characters are escaped as `\\xE9`, a
    backslash as `\\\\`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        body_excerpt: None | str
        body_excerpt = self.body_excerpt

        headers = self.headers.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "body_excerpt": body_excerpt,
                "headers": headers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.received_response_headers import ReceivedResponseHeaders

        d = dict(src_dict)

        def _parse_body_excerpt(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        body_excerpt = _parse_body_excerpt(d.pop("body_excerpt"))

        headers = ReceivedResponseHeaders.from_dict(d.pop("headers"))

        received_response = cls(
            body_excerpt=body_excerpt,
            headers=headers,
        )

        received_response.additional_properties = d
        return received_response

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
