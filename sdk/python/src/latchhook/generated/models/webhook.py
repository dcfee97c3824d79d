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
    from ..models.rate_limit import RateLimit
    from ..models.recovery import Recovery
    from ..models.webhook_filter_type_0 import WebhookFilterType0
    from ..models.webhook_headers import WebhookHeaders


T = TypeVar("T", bound="Webhook")


@_attrs_define
class Webhook:
    """A webhook."""

    account_id: str
    """ The account that it belongs to. """
    application_id: None | str
    """ Always `null`; there for clients of the modelled service. """
    created_at: datetime.datetime
    """ Time of creation. """
    deleted_at: datetime.datetime | None
    """ Time of deletion; `null` while it exists. """
    description: None | str
    """ Description for people. """
    disabled_reason: DisabledReason | None
    event_types: list[str]
    """ Subscribed event types: exact names, `report.*`, or `*`. """
    filter_: None | WebhookFilterType0
    """ Event pattern of the events that are delivered; `null` for all that it subscribes to. """
    headers: WebhookHeaders
    """ Headers of its own, their values masked. """
    id: str
    """ Its identifier; sorts by creation. """
    include_object: bool
    """ True if the payload contains the whole related object. """
    object_: str
    """ Type of this object. """
    rate_limit: None | RateLimit
    signing: Signing
    """ Kind of a webhook's signatures. """
    status: WebhookStatus
    """ Status of a webhook. """
    updated_at: datetime.datetime
    """ Time of the last change. """
    uri: str
    """ Its path in this API. """
    webhook_url: str
    """ URL with its credentials masked. """
    environment: Environment | Unset = UNSET
    """ Environment of an account, test or live. """
    jurisdiction: Jurisdiction | Unset = UNSET
    """ Jurisdiction of an event's subject. `US`: United States, `CA`: Canada. """
    recovery: Recovery | Unset = UNSET
    """ Progress of a recovery that goes on after its answer. """
    signing_secret: str | Unset = UNSET
    """ Signing secret, or the public key of `ed25519`; of a new webhook only. The answer to a repeat is without it
    once it was destroyed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.rate_limit import RateLimit
        from ..models.webhook_filter_type_0 import WebhookFilterType0

        account_id = self.account_id

        application_id: None | str
        application_id = self.application_id

        created_at = self.created_at.isoformat()

        deleted_at: None | str
        if isinstance(self.deleted_at, datetime.datetime):
            deleted_at = self.deleted_at.isoformat()
        else:
            deleted_at = self.deleted_at

        description: None | str
        description = self.description

        disabled_reason: None | str
        if isinstance(self.disabled_reason, str):
            disabled_reason = self.disabled_reason
        else:
            disabled_reason = self.disabled_reason

        event_types = self.event_types

        filter_: dict[str, Any] | None
        if isinstance(self.filter_, WebhookFilterType0):
            filter_ = self.filter_.to_dict()
        else:
            filter_ = self.filter_

        headers = self.headers.to_dict()

        id = self.id

        include_object = self.include_object

        object_ = self.object_

        rate_limit: dict[str, Any] | None
        if isinstance(self.rate_limit, RateLimit):
            rate_limit = self.rate_limit.to_dict()
        else:
            rate_limit = self.rate_limit

        signing: str = self.signing

        status: str = self.status

        updated_at = self.updated_at.isoformat()

        uri = self.uri

        webhook_url = self.webhook_url

        environment: str | Unset = UNSET
        if not isinstance(self.environment, Unset):
            environment = self.environment

        jurisdiction: str | Unset = UNSET
        if not isinstance(self.jurisdiction, Unset):
            jurisdiction = self.jurisdiction

        recovery: dict[str, Any] | Unset = UNSET
        if not isinstance(self.recovery, Unset):
            recovery = self.recovery.to_dict()

        signing_secret = self.signing_secret

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "account_id": account_id,
                "application_id": application_id,
                "created_at": created_at,
                "deleted_at": deleted_at,
                "description": description,
                "disabled_reason": disabled_reason,
                "event_types": event_types,
                "filter": filter_,
                "headers": headers,
                "id": id,
                "include_object": include_object,
                "object": object_,
                "rate_limit": rate_limit,
                "signing": signing,
                "status": status,
                "updated_at": updated_at,
                "uri": uri,
                "webhook_url": webhook_url,
            }
        )
        if environment is not UNSET:
            field_dict["environment"] = environment
        if jurisdiction is not UNSET:
            field_dict["jurisdiction"] = jurisdiction
        if recovery is not UNSET:
            field_dict["recovery"] = recovery
        if signing_secret is not UNSET:
            field_dict["signing_secret"] = signing_secret

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.rate_limit import RateLimit
        from ..models.recovery import Recovery
        from ..models.webhook_filter_type_0 import WebhookFilterType0
        from ..models.webhook_headers import WebhookHeaders

        d = dict(src_dict)
        account_id = d.pop("account_id")

        def _parse_application_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        application_id = _parse_application_id(d.pop("application_id"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_deleted_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deleted_at_type_0 = datetime.datetime.fromisoformat(data)

                return deleted_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        deleted_at = _parse_deleted_at(d.pop("deleted_at"))

        def _parse_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        description = _parse_description(d.pop("description"))

        def _parse_disabled_reason(data: object) -> DisabledReason | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                disabled_reason_type_0 = check_disabled_reason(data)

                return disabled_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DisabledReason | None, data)

        disabled_reason = _parse_disabled_reason(d.pop("disabled_reason"))

        event_types = cast(list[str], d.pop("event_types"))

        def _parse_filter_(data: object) -> None | WebhookFilterType0:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                filter_type_0 = WebhookFilterType0.from_dict(data)

                return filter_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | WebhookFilterType0, data)

        filter_ = _parse_filter_(d.pop("filter"))

        headers = WebhookHeaders.from_dict(d.pop("headers"))

        id = d.pop("id")

        include_object = d.pop("include_object")

        object_ = d.pop("object")

        def _parse_rate_limit(data: object) -> None | RateLimit:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                rate_limit_type_0 = RateLimit.from_dict(data)

                return rate_limit_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RateLimit, data)

        rate_limit = _parse_rate_limit(d.pop("rate_limit"))

        signing = check_signing(d.pop("signing"))

        status = check_webhook_status(d.pop("status"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        uri = d.pop("uri")

        webhook_url = d.pop("webhook_url")

        _environment = d.pop("environment", UNSET)
        environment: Environment | Unset
        if isinstance(_environment, Unset):
            environment = UNSET
        else:
            environment = check_environment(_environment)

        _jurisdiction = d.pop("jurisdiction", UNSET)
        jurisdiction: Jurisdiction | Unset
        if isinstance(_jurisdiction, Unset):
            jurisdiction = UNSET
        else:
            jurisdiction = check_jurisdiction(_jurisdiction)

        _recovery = d.pop("recovery", UNSET)
        recovery: Recovery | Unset
        if isinstance(_recovery, Unset):
            recovery = UNSET
        else:
            recovery = Recovery.from_dict(_recovery)

        signing_secret = d.pop("signing_secret", UNSET)

        webhook = cls(
            account_id=account_id,
            application_id=application_id,
            created_at=created_at,
            deleted_at=deleted_at,
            description=description,
            disabled_reason=disabled_reason,
            event_types=event_types,
            filter_=filter_,
            headers=headers,
            id=id,
            include_object=include_object,
            object_=object_,
            rate_limit=rate_limit,
            signing=signing,
            status=status,
            updated_at=updated_at,
            uri=uri,
            webhook_url=webhook_url,
            environment=environment,
            jurisdiction=jurisdiction,
            recovery=recovery,
            signing_secret=signing_secret,
        )

        webhook.additional_properties = d
        return webhook

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
