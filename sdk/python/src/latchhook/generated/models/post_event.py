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


T = TypeVar("T", bound="PostEvent")


@_attrs_define
class PostEvent:
    """A new event.

    Example:
        {'data': {'object': {'id': '4722c07dd9a10c3985ae432a', 'object': 'report', 'status': 'clear', 'uri':
            '/v1/reports/4722c07dd9a10c3985ae432a'}}, 'environment': 'test', 'type': 'report.completed'}

    """

    data: PostData
    """ Data of an event. """
    environment: Environment
    """ Environment of an account, test or live. """
    type_: str
    """ Type of the event. """
    created_at: datetime.datetime | None | Unset = UNSET
    """ Time at which it happened, by default now. """
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

        post_event = cls(
            data=data,
            environment=environment,
            type_=type_,
            created_at=created_at,
            jurisdiction=jurisdiction,
        )

        return post_event
