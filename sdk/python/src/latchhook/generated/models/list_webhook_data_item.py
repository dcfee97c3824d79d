from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.disabled_reason import DisabledReason, check_disabled_reason
from ..models.environment import Environment, check_environment
from ..models.jurisdiction import Jurisdiction, check_jurisdiction
from ..models.signing import Signing, check_signing
from ..models.webhook_status import WebhookStatus, check_webhook_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.list_webhook_data_item_filter_type_0 import (
        ListWebhookDataItemFilterType0,
    )
    from ..models.list_webhook_data_item_headers import ListWebhookDataItemHeaders
    from ..models.rate_limit import RateLimit
    from ..models.recovery import Recovery


T = TypeVar("T", bound="ListWebhookDataItem")


@_attrs_define
class ListWebhookDataItem:
    """A webhook."""

    account_id: str
    created_at: datetime.datetime
    event_types: list[str]
    headers: ListWebhookDataItemHeaders
    """ Headers of its own, their values masked. """
    id: str
    include_object: bool
    """ True if the payload contains the whole related object. """
    object_: str
    signing: Signing
    """ Kind of a webhook's signatures. """
    status: WebhookStatus
    """ Status of a webhook. """
    updated_at: datetime.datetime
    uri: str
    webhook_url: str
    """ URL with its credentials masked. """
    application_id: None | str | Unset = UNSET
    """ Always `null`; there for clients of the modelled service. """
    deleted_at: datetime.datetime | None | Unset = UNSET
    description: None | str | Unset = UNSET
    disabled_reason: DisabledReason | None | Unset = UNSET
    environment: Environment | Unset = UNSET
    """ Environment of an account, test or live. """
    filter_: ListWebhookDataItemFilterType0 | None | Unset = UNSET
    """ Event pattern of the events that are delivered; `null` for all that it subscribes to. """
    jurisdiction: Jurisdiction | Unset = UNSET
    """ Jurisdiction of an event's subject. `US`: United States, `CA`: Canada. """
    rate_limit: None | RateLimit | Unset = UNSET
    recovery: Recovery | Unset = UNSET
    """ Progress of a recovery that goes on after its answer. """
    signing_secret: str | Unset = UNSET
    """ Signing secret, or the public key of `ed25519`; of a new webhook only. The answer to a repeat is without it
    once it was destroyed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.list_webhook_data_item_filter_type_0 import (
            ListWebhookDataItemFilterType0,
        )
        from ..models.rate_limit import RateLimit

        account_id = self.account_id

        created_at = self.created_at.isoformat()

        event_types = self.event_types

        headers = self.headers.to_dict()

        id = self.id

        include_object = self.include_object

        object_ = self.object_

        signing: str = self.signing

        status: str = self.status

        updated_at = self.updated_at.isoformat()

        uri = self.uri

        webhook_url = self.webhook_url

        application_id: None | str | Unset
        if isinstance(self.application_id, Unset):
            application_id = UNSET
        else:
            application_id = self.application_id

        deleted_at: None | str | Unset
        if isinstance(self.deleted_at, Unset):
            deleted_at = UNSET
        elif isinstance(self.deleted_at, datetime.datetime):
            deleted_at = self.deleted_at.isoformat()
        else:
            deleted_at = self.deleted_at

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        disabled_reason: None | str | Unset
        if isinstance(self.disabled_reason, Unset):
            disabled_reason = UNSET
        elif isinstance(self.disabled_reason, str):
            disabled_reason = self.disabled_reason
        else:
            disabled_reason = self.disabled_reason

        environment: str | Unset = UNSET
        if not isinstance(self.environment, Unset):
            environment = self.environment

        filter_: dict[str, Any] | None | Unset
        if isinstance(self.filter_, Unset):
            filter_ = UNSET
        elif isinstance(self.filter_, ListWebhookDataItemFilterType0):
            filter_ = self.filter_.to_dict()
        else:
            filter_ = self.filter_

        jurisdiction: str | Unset = UNSET
        if not isinstance(self.jurisdiction, Unset):
            jurisdiction = self.jurisdiction

        rate_limit: dict[str, Any] | None | Unset
        if isinstance(self.rate_limit, Unset):
            rate_limit = UNSET
        elif isinstance(self.rate_limit, RateLimit):
            rate_limit = self.rate_limit.to_dict()
        else:
            rate_limit = self.rate_limit

        recovery: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recovery, Unset):
            recovery = self.recovery.to_dict()

        signing_secret = self.signing_secret

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "account_id": account_id,
                "created_at": created_at,
                "event_types": event_types,
                "headers": headers,
                "id": id,
                "include_object": include_object,
                "object": object_,
                "signing": signing,
                "status": status,
                "updated_at": updated_at,
                "uri": uri,
                "webhook_url": webhook_url,
            }
        )
        if application_id is not UNSET:
            field_dict["application_id"] = application_id
        if deleted_at is not UNSET:
            field_dict["deleted_at"] = deleted_at
        if description is not UNSET:
            field_dict["description"] = description
        if disabled_reason is not UNSET:
            field_dict["disabled_reason"] = disabled_reason
        if environment is not UNSET:
            field_dict["environment"] = environment
        if filter_ is not UNSET:
            field_dict["filter"] = filter_
        if jurisdiction is not UNSET:
            field_dict["jurisdiction"] = jurisdiction
        if rate_limit is not UNSET:
            field_dict["rate_limit"] = rate_limit
        if recovery is not UNSET:
            field_dict["recovery"] = recovery
        if signing_secret is not UNSET:
            field_dict["signing_secret"] = signing_secret

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.list_webhook_data_item_filter_type_0 import (
            ListWebhookDataItemFilterType0,
        )
        from ..models.list_webhook_data_item_headers import ListWebhookDataItemHeaders
        from ..models.rate_limit import RateLimit
        from ..models.recovery import Recovery

        d = dict(src_dict)
        account_id = d.pop("account_id")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        event_types = cast(list[str], d.pop("event_types"))

        headers = ListWebhookDataItemHeaders.from_dict(d.pop("headers"))

        id = d.pop("id")

        include_object = d.pop("include_object")

        object_ = d.pop("object")

        signing = check_signing(d.pop("signing"))

        status = check_webhook_status(d.pop("status"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        uri = d.pop("uri")

        webhook_url = d.pop("webhook_url")

        def _parse_application_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        application_id = _parse_application_id(d.pop("application_id", UNSET))

        def _parse_deleted_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deleted_at_type_0 = datetime.datetime.fromisoformat(data)

                return deleted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        deleted_at = _parse_deleted_at(d.pop("deleted_at", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_disabled_reason(data: object) -> DisabledReason | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                disabled_reason_type_0 = check_disabled_reason(data)

                return disabled_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DisabledReason | None | Unset, data)

        disabled_reason = _parse_disabled_reason(d.pop("disabled_reason", UNSET))

        _environment = d.pop("environment", UNSET)
        environment: Environment | Unset
        if isinstance(_environment, Unset):
            environment = UNSET
        else:
            environment = check_environment(_environment)

        def _parse_filter_(
            data: object,
        ) -> ListWebhookDataItemFilterType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                filter_type_0 = ListWebhookDataItemFilterType0.from_dict(data)

                return filter_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ListWebhookDataItemFilterType0 | None | Unset, data)

        filter_ = _parse_filter_(d.pop("filter", UNSET))

        _jurisdiction = d.pop("jurisdiction", UNSET)
        jurisdiction: Jurisdiction | Unset
        if isinstance(_jurisdiction, Unset):
            jurisdiction = UNSET
        else:
            jurisdiction = check_jurisdiction(_jurisdiction)

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

        _recovery = d.pop("recovery", UNSET)
        recovery: Recovery | Unset
        if isinstance(_recovery, Unset):
            recovery = UNSET
        else:
            recovery = Recovery.from_dict(_recovery)

        signing_secret = d.pop("signing_secret", UNSET)

        list_webhook_data_item = cls(
            account_id=account_id,
            created_at=created_at,
            event_types=event_types,
            headers=headers,
            id=id,
            include_object=include_object,
            object_=object_,
            signing=signing,
            status=status,
            updated_at=updated_at,
            uri=uri,
            webhook_url=webhook_url,
            application_id=application_id,
            deleted_at=deleted_at,
            description=description,
            disabled_reason=disabled_reason,
            environment=environment,
            filter_=filter_,
            jurisdiction=jurisdiction,
            rate_limit=rate_limit,
            recovery=recovery,
            signing_secret=signing_secret,
        )

        list_webhook_data_item.additional_properties = d
        return list_webhook_data_item

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
