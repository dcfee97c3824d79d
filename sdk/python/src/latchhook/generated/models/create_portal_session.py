from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.capability import Capability, check_capability
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_actor import NewActor


T = TypeVar("T", bound="CreatePortalSession")


@_attrs_define
class CreatePortalSession:
    """A new portal session.

    Example:
        {'actor': {'email': 'grace@example.com', 'id': 'user_7', 'name': 'Grace Hopper'}, 'capabilities': ['keys:read',
            'webhooks:read', 'logs:read'], 'expires_in': 3600, 'return_url': 'https://app.example.com/settings'}

    """

    actor: NewActor | None | Unset = UNSET
    capabilities: list[Capability] | None | Unset = UNSET
    """ Everything that the session may do; by default all there is. """
    expires_in: int | None | Unset = UNSET
    """ Duration of the session in seconds. """
    return_url: None | str | Unset = UNSET
    """ Address at your own site that the page leads back to. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.new_actor import NewActor

        actor: dict[str, Any] | None | Unset
        if isinstance(self.actor, Unset):
            actor = UNSET
        elif isinstance(self.actor, NewActor):
            actor = self.actor.to_dict()
        else:
            actor = self.actor

        capabilities: list[str] | None | Unset
        if isinstance(self.capabilities, Unset):
            capabilities = UNSET
        elif isinstance(self.capabilities, list):
            capabilities = []
            for capabilities_type_0_item_data in self.capabilities:
                capabilities_type_0_item: str = capabilities_type_0_item_data
                capabilities.append(capabilities_type_0_item)

        else:
            capabilities = self.capabilities

        expires_in: int | None | Unset
        if isinstance(self.expires_in, Unset):
            expires_in = UNSET
        else:
            expires_in = self.expires_in

        return_url: None | str | Unset
        if isinstance(self.return_url, Unset):
            return_url = UNSET
        else:
            return_url = self.return_url

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if actor is not UNSET:
            field_dict["actor"] = actor
        if capabilities is not UNSET:
            field_dict["capabilities"] = capabilities
        if expires_in is not UNSET:
            field_dict["expires_in"] = expires_in
        if return_url is not UNSET:
            field_dict["return_url"] = return_url

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.new_actor import NewActor

        d = dict(src_dict)

        def _parse_actor(data: object) -> NewActor | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                actor_type_0 = NewActor.from_dict(data)

                return actor_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(NewActor | None | Unset, data)

        actor = _parse_actor(d.pop("actor", UNSET))

        def _parse_capabilities(data: object) -> list[Capability] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                capabilities_type_0 = []
                _capabilities_type_0 = data
                for capabilities_type_0_item_data in _capabilities_type_0:
                    capabilities_type_0_item = check_capability(
                        capabilities_type_0_item_data
                    )

                    capabilities_type_0.append(capabilities_type_0_item)

                return capabilities_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Capability] | None | Unset, data)

        capabilities = _parse_capabilities(d.pop("capabilities", UNSET))

        def _parse_expires_in(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        expires_in = _parse_expires_in(d.pop("expires_in", UNSET))

        def _parse_return_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        return_url = _parse_return_url(d.pop("return_url", UNSET))

        create_portal_session = cls(
            actor=actor,
            capabilities=capabilities,
            expires_in=expires_in,
            return_url=return_url,
        )

        return create_portal_session
