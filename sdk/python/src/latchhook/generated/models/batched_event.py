from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.environment import Environment, check_environment
from ..models.jurisdiction import Jurisdiction, check_jurisdiction
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.post_data import PostData


T = TypeVar("T", bound="BatchedEvent")


@_attrs_define
class BatchedEvent:
    """Event of a batch."""

    data: PostData
    """ Data of an event. """
    environment: Environment
    """ Environment of an account, test or live. """
    type_: str
    """ Type of the event. """
    created_at: datetime.datetime | None | Unset = UNSET
    """ Time at which it happened, by default now. """
    idempotency_key: None | str | Unset = UNSET
    """ Idempotency key of this event: as if it had been posted alone, with that in the header. """
    jurisdiction: Jurisdiction | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        data = self.data.to_dict()

        environment: str = self.environment

        type_ = self.type_

        created_at: None | str | Unset
        if isinstance(self.created_at, Unset):
            created_at = UNSET
        elif isinstance(self.created_at, datetime.datetime):
            created_at = self.created_at.isoformat()
        else:
            created_at = self.created_at

        idempotency_key: None | str | Unset
        if isinstance(self.idempotency_key, Unset):
            idempotency_key = UNSET
        else:
            idempotency_key = self.idempotency_key

        jurisdiction: None | str | Unset
        if isinstance(self.jurisdiction, Unset):
            jurisdiction = UNSET
        elif isinstance(self.jurisdiction, str):
            jurisdiction = self.jurisdiction
        else:
            jurisdiction = self.jurisdiction

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "data": data,
                "environment": environment,
                "type": type_,
            }
        )
        if created_at is not UNSET:
            field_dict["created_at"] = created_at
        if idempotency_key is not UNSET:
            field_dict["idempotency_key"] = idempotency_key
        if jurisdiction is not UNSET:
            field_dict["jurisdiction"] = jurisdiction

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.post_data import PostData

        d = dict(src_dict)
        data = PostData.from_dict(d.pop("data"))

        environment = check_environment(d.pop("environment"))

        type_ = d.pop("type")

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

        def _parse_idempotency_key(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        idempotency_key = _parse_idempotency_key(d.pop("idempotency_key", UNSET))

        def _parse_jurisdiction(data: object) -> Jurisdiction | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                jurisdiction_type_0 = check_jurisdiction(data)

                return jurisdiction_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Jurisdiction | None | Unset, data)

        jurisdiction = _parse_jurisdiction(d.pop("jurisdiction", UNSET))

        batched_event = cls(
            data=data,
            environment=environment,
            type_=type_,
            created_at=created_at,
            idempotency_key=idempotency_key,
            jurisdiction=jurisdiction,
        )

        return batched_event
