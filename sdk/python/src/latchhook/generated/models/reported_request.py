from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.environment import Environment, check_environment
from ..types import UNSET, Unset

T = TypeVar("T", bound="ReportedRequest")


@_attrs_define
class ReportedRequest:
    """A request to the operator's own API."""

    environment: Environment
    """ Environment of an account, test or live. """
    method: str
    """ The request's method. """
    path: str
    """ The request's path, without its query. """
    status: int
    """ Its status, or the HTTP status of the response. """
    api_key_id: None | str | Unset = UNSET
    """ Key of the account that the request was made with. """
    created_at: datetime.datetime | None | Unset = UNSET
    """ Time of creation. """
    duration_ms: int | None | Unset = UNSET
    """ Duration in milliseconds. """
    ip: None | str | Unset = UNSET
    """ The caller's address. """
    request_id: None | str | Unset = UNSET
    """ The request's identifier, as in `X-Request-Id`. """
    user_agent: None | str | Unset = UNSET
    """ The caller's `User-Agent`. """

    def to_dict(self) -> dict[str, Any]:
        environment: str = self.environment

        method = self.method

        path = self.path

        status = self.status

        api_key_id: None | str | Unset
        if isinstance(self.api_key_id, Unset):
            api_key_id = UNSET
        else:
            api_key_id = self.api_key_id

        created_at: None | str | Unset
        if isinstance(self.created_at, Unset):
            created_at = UNSET
        elif isinstance(self.created_at, datetime.datetime):
            created_at = self.created_at.isoformat()
        else:
            created_at = self.created_at

        duration_ms: int | None | Unset
        if isinstance(self.duration_ms, Unset):
            duration_ms = UNSET
        else:
            duration_ms = self.duration_ms

        ip: None | str | Unset
        if isinstance(self.ip, Unset):
            ip = UNSET
        else:
            ip = self.ip

        request_id: None | str | Unset
        if isinstance(self.request_id, Unset):
            request_id = UNSET
        else:
            request_id = self.request_id

        user_agent: None | str | Unset
        if isinstance(self.user_agent, Unset):
            user_agent = UNSET
        else:
            user_agent = self.user_agent

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "environment": environment,
                "method": method,
                "path": path,
                "status": status,
            }
        )
        if api_key_id is not UNSET:
            field_dict["api_key_id"] = api_key_id
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if duration_ms is not UNSET:
            field_dict["duration_ms"] = duration_ms
        if ip is not UNSET:
            field_dict["ip"] = ip
        if request_id is not UNSET:
            field_dict["request_id"] = request_id
        if user_agent is not UNSET:
            field_dict["user_agent"] = user_agent

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        environment = check_environment(d.pop("environment"))

        method = d.pop("method")

        path = d.pop("path")

        status = d.pop("status")

        def _parse_api_key_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        api_key_id = _parse_api_key_id(d.pop("api_key_id", UNSET))

        def _parse_created_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                created_at_type_0 = datetime.datetime.fromisoformat(data)

                return created_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        created_at = _parse_created_at(d.pop("created_at", UNSET))

        def _parse_duration_ms(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        duration_ms = _parse_duration_ms(d.pop("duration_ms", UNSET))

        def _parse_ip(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ip = _parse_ip(d.pop("ip", UNSET))

        def _parse_request_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        request_id = _parse_request_id(d.pop("request_id", UNSET))

        def _parse_user_agent(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        user_agent = _parse_user_agent(d.pop("user_agent", UNSET))

        reported_request = cls(
            environment=environment,
            method=method,
            path=path,
            status=status,
            api_key_id=api_key_id,
            created_at=created_at,
            duration_ms=duration_ms,
            ip=ip,
            request_id=request_id,
            user_agent=user_agent,
        )

        return reported_request
