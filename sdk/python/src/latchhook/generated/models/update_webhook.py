from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.webhook_status import WebhookStatus, check_webhook_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.rate_limit import RateLimit
    from ..models.update_webhook_filter_type_0 import UpdateWebhookFilterType0
    from ..models.update_webhook_headers_type_0 import UpdateWebhookHeadersType0


T = TypeVar("T", bound="UpdateWebhook")


@_attrs_define
class UpdateWebhook:
    """A change of a webhook.

    Example:
        {'event_types': ['*'], 'status': 'enabled'}

    """

    description: None | str | Unset = UNSET
    """ Description for people; `null` removes it. """
    event_types: list[str] | Unset = UNSET
    """ Subscribed event types: exact names, `report.*`, or `*`. Only its own name means `webhook.statement`. """
    filter_: None | Unset | UpdateWebhookFilterType0 = UNSET
    """ Event pattern: only events that match are delivered; `null` removes it. """
    headers: None | Unset | UpdateWebhookHeadersType0 = UNSET
    """ Headers in place of all that are there; `****` keeps the value of one, `null` removes all. """
    include_object: bool | Unset = UNSET
    """ True to put the whole related object into the payload. """
    rate_limit: None | RateLimit | Unset = UNSET
    status: WebhookStatus | Unset = UNSET
    """ Status of a webhook. """
    webhook_url: str | Unset = UNSET
    """ New URL. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.rate_limit import RateLimit
        from ..models.update_webhook_filter_type_0 import UpdateWebhookFilterType0
        from ..models.update_webhook_headers_type_0 import UpdateWebhookHeadersType0

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        event_types: list[str] | Unset = UNSET
        if not isinstance(self.event_types, Unset):
            event_types = self.event_types

        filter_: dict[str, Any] | None | Unset
        if isinstance(self.filter_, Unset):
            filter_ = UNSET
        elif isinstance(self.filter_, UpdateWebhookFilterType0):
            filter_ = self.filter_.to_dict()
        else:
            filter_ = self.filter_

        headers: dict[str, Any] | None | Unset
        if isinstance(self.headers, Unset):
            headers = UNSET
        elif isinstance(self.headers, UpdateWebhookHeadersType0):
            headers = self.headers.to_dict()
        else:
            headers = self.headers

        include_object = self.include_object

        rate_limit: dict[str, Any] | None | Unset
        if isinstance(self.rate_limit, Unset):
            rate_limit = UNSET
        elif isinstance(self.rate_limit, RateLimit):
            rate_limit = self.rate_limit.to_dict()
        else:
            rate_limit = self.rate_limit

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status

        webhook_url = self.webhook_url

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if description is not UNSET:
            field_dict["description"] = description
        if event_types is not UNSET:
            field_dict["event_types"] = event_types
        if filter_ is not UNSET:
            field_dict["filter"] = filter_
        if headers is not UNSET:
            field_dict["headers"] = headers
        if include_object is not UNSET:
            field_dict["include_object"] = include_object
        if rate_limit is not UNSET:
            field_dict["rate_limit"] = rate_limit
        if status is not UNSET:
            field_dict["status"] = status
        if webhook_url is not UNSET:
            field_dict["webhook_url"] = webhook_url

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.rate_limit import RateLimit
        from ..models.update_webhook_filter_type_0 import UpdateWebhookFilterType0
        from ..models.update_webhook_headers_type_0 import UpdateWebhookHeadersType0

        d = dict(src_dict)

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        event_types = cast(list[str], d.pop("event_types", UNSET))

        def _parse_filter_(data: object) -> None | Unset | UpdateWebhookFilterType0:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                filter_type_0 = UpdateWebhookFilterType0.from_dict(data)

                return filter_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UpdateWebhookFilterType0, data)

        filter_ = _parse_filter_(d.pop("filter", UNSET))

        def _parse_headers(data: object) -> None | Unset | UpdateWebhookHeadersType0:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                headers_type_0 = UpdateWebhookHeadersType0.from_dict(data)

                return headers_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UpdateWebhookHeadersType0, data)

        headers = _parse_headers(d.pop("headers", UNSET))

        include_object = d.pop("include_object", UNSET)

        def _parse_rate_limit(data: object) -> None | RateLimit | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rate_limit_type_0 = RateLimit.from_dict(data)

                return rate_limit_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RateLimit | Unset, data)

        rate_limit = _parse_rate_limit(d.pop("rate_limit", UNSET))

        _status = d.pop("status", UNSET)
        status: WebhookStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = check_webhook_status(_status)

        webhook_url = d.pop("webhook_url", UNSET)

        update_webhook = cls(
            description=description,
            event_types=event_types,
            filter_=filter_,
            headers=headers,
            include_object=include_object,
            rate_limit=rate_limit,
            status=status,
            webhook_url=webhook_url,
        )

        return update_webhook
