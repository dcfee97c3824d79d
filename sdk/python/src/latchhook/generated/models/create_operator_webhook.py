from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.signing import Signing, check_signing
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.create_operator_webhook_filter_type_0 import (
        CreateOperatorWebhookFilterType0,
    )
    from ..models.create_operator_webhook_headers_type_0 import (
        CreateOperatorWebhookHeadersType0,
    )
    from ..models.rate_limit import RateLimit


T = TypeVar("T", bound="CreateOperatorWebhook")


@_attrs_define
class CreateOperatorWebhook:
    """A new operational webhook.

    Example:
        {'event_types': ['webhook.*', 'delivery.exhausted'], 'webhook_url': 'https://example.com/operations'}

    """

    webhook_url: str
    """ URL as it was sent: it can have credentials, so no log shows it. """
    description: None | str | Unset = UNSET
    """ Description for people. """
    event_types: list[str] | None | Unset = UNSET
    """ Subscribed types of operational events: exact names, `webhook.*`, or `*`. """
    filter_: CreateOperatorWebhookFilterType0 | None | Unset = UNSET
    """ Event pattern, in the language of Amazon `EventBridge`, over the event: only events that match are
    delivered. """
    headers: CreateOperatorWebhookHeadersType0 | None | Unset = UNSET
    """ Headers of its own, at most 20, sent with every delivery. """
    include_object: bool | None | Unset = UNSET
    """ False to put a reference to the object into the payload, in place of the object. """
    rate_limit: None | RateLimit | Unset = UNSET
    signing: None | Signing | Unset = UNSET
    signing_secret: None | str | Unset = UNSET
    """ Signing secret that the receiver has already: `whsec_` and the base64 of 24 to 64 bytes. By default
    a new one; not with `ed25519`. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.create_operator_webhook_filter_type_0 import (
            CreateOperatorWebhookFilterType0,
        )
        from ..models.create_operator_webhook_headers_type_0 import (
            CreateOperatorWebhookHeadersType0,
        )
        from ..models.rate_limit import RateLimit

        webhook_url = self.webhook_url

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        event_types: list[str] | None | Unset
        if isinstance(self.event_types, Unset):
            event_types = UNSET
        elif isinstance(self.event_types, list):
            event_types = self.event_types

        else:
            event_types = self.event_types

        filter_: dict[str, Any] | None | Unset
        if isinstance(self.filter_, Unset):
            filter_ = UNSET
        elif isinstance(self.filter_, CreateOperatorWebhookFilterType0):
            filter_ = self.filter_.to_dict()
        else:
            filter_ = self.filter_

        headers: dict[str, Any] | None | Unset
        if isinstance(self.headers, Unset):
            headers = UNSET
        elif isinstance(self.headers, CreateOperatorWebhookHeadersType0):
            headers = self.headers.to_dict()
        else:
            headers = self.headers

        include_object: bool | None | Unset
        if isinstance(self.include_object, Unset):
            include_object = UNSET
        else:
            include_object = self.include_object

        rate_limit: dict[str, Any] | None | Unset
        if isinstance(self.rate_limit, Unset):
            rate_limit = UNSET
        elif isinstance(self.rate_limit, RateLimit):
            rate_limit = self.rate_limit.to_dict()
        else:
            rate_limit = self.rate_limit

        signing: None | str | Unset
        if isinstance(self.signing, Unset):
            signing = UNSET
        elif isinstance(self.signing, str):
            signing = self.signing
        else:
            signing = self.signing

        signing_secret: None | str | Unset
        if isinstance(self.signing_secret, Unset):
            signing_secret = UNSET
        else:
            signing_secret = self.signing_secret

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "webhook_url": webhook_url,
            }
        )
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
        if signing is not UNSET:
            field_dict["signing"] = signing
        if signing_secret is not UNSET:
            field_dict["signing_secret"] = signing_secret

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.create_operator_webhook_filter_type_0 import (
            CreateOperatorWebhookFilterType0,
        )
        from ..models.create_operator_webhook_headers_type_0 import (
            CreateOperatorWebhookHeadersType0,
        )
        from ..models.rate_limit import RateLimit

        d = dict(src_dict)
        webhook_url = d.pop("webhook_url")

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_event_types(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                event_types_type_0 = cast(list[str], data)

                return event_types_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        event_types = _parse_event_types(d.pop("event_types", UNSET))

        def _parse_filter_(
            data: object,
        ) -> CreateOperatorWebhookFilterType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                filter_type_0 = CreateOperatorWebhookFilterType0.from_dict(data)

                return filter_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CreateOperatorWebhookFilterType0 | None | Unset, data)

        filter_ = _parse_filter_(d.pop("filter", UNSET))

        def _parse_headers(
            data: object,
        ) -> CreateOperatorWebhookHeadersType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                headers_type_0 = CreateOperatorWebhookHeadersType0.from_dict(data)

                return headers_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CreateOperatorWebhookHeadersType0 | None | Unset, data)

        headers = _parse_headers(d.pop("headers", UNSET))

        def _parse_include_object(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        include_object = _parse_include_object(d.pop("include_object", UNSET))

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

        def _parse_signing(data: object) -> None | Signing | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                signing_type_0 = check_signing(data)

                return signing_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Signing | Unset, data)

        signing = _parse_signing(d.pop("signing", UNSET))

        def _parse_signing_secret(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        signing_secret = _parse_signing_secret(d.pop("signing_secret", UNSET))

        create_operator_webhook = cls(
            webhook_url=webhook_url,
            description=description,
            event_types=event_types,
            filter_=filter_,
            headers=headers,
            include_object=include_object,
            rate_limit=rate_limit,
            signing=signing,
            signing_secret=signing_secret,
        )

        return create_operator_webhook
