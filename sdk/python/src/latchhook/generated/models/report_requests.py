from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.reported_request import ReportedRequest


T = TypeVar("T", bound="ReportRequests")


@_attrs_define
class ReportRequests:
    """Report of requests to the operator's own API, for an account's log.

    Example:
        {'request_logs': [{'duration_ms': 12, 'environment': 'live', 'ip': '203.0.113.7', 'method': 'GET', 'path':
            '/v1/reports', 'status': 200}]}

    """

    request_logs: list[ReportedRequest]
    """ Requests, up to 500. """

    def to_dict(self) -> dict[str, Any]:
        request_logs = []
        for request_logs_item_data in self.request_logs:
            request_logs_item = request_logs_item_data.to_dict()
            request_logs.append(request_logs_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "request_logs": request_logs,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.reported_request import ReportedRequest

        d = dict(src_dict)
        request_logs = []
        _request_logs = d.pop("request_logs")
        for request_logs_item_data in _request_logs:
            request_logs_item = ReportedRequest.from_dict(request_logs_item_data)

            request_logs.append(request_logs_item)

        report_requests = cls(
            request_logs=request_logs,
        )

        return report_requests
