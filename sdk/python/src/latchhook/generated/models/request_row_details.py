from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RequestRowDetails")


@_attrs_define
class RequestRowDetails:
    """Details of a request; masked, whatever was passed in."""

    duration_ms: int | None
    """ Duration until the answer, in milliseconds. """
    error_code: None | str
    """ Code of the error in the answer. """
    ip: None | str
    """ IP address of the caller. """
    method: str
    """ HTTP method. """
    path: str
    """ Path, without the query. """
    request_id: None | str
    """ Identifier of the request. """
    status: int | None
    """ HTTP status of the answer. """
    user_agent: None | str
    """ User agent of the caller. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        duration_ms: int | None
        duration_ms = self.duration_ms

        error_code: None | str
        error_code = self.error_code

        ip: None | str
        ip = self.ip

        method = self.method

        path = self.path

        request_id: None | str
        request_id = self.request_id

        status: int | None
        status = self.status

        user_agent: None | str
        user_agent = self.user_agent

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "duration_ms": duration_ms,
                "error_code": error_code,
                "ip": ip,
                "method": method,
                "path": path,
                "request_id": request_id,
                "status": status,
                "user_agent": user_agent,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_duration_ms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        duration_ms = _parse_duration_ms(d.pop("duration_ms"))

        def _parse_error_code(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error_code = _parse_error_code(d.pop("error_code"))

        def _parse_ip(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        ip = _parse_ip(d.pop("ip"))

        method = d.pop("method")

        path = d.pop("path")

        def _parse_request_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        request_id = _parse_request_id(d.pop("request_id"))

        def _parse_status(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        status = _parse_status(d.pop("status"))

        def _parse_user_agent(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        user_agent = _parse_user_agent(d.pop("user_agent"))

        request_row_details = cls(
            duration_ms=duration_ms,
            error_code=error_code,
            ip=ip,
            method=method,
            path=path,
            request_id=request_id,
            status=status,
            user_agent=user_agent,
        )

        request_row_details.additional_properties = d
        return request_row_details

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
