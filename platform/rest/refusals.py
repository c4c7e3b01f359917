"""What the API answers when the request itself is wrong, before any rule of the trade is asked."""

from __future__ import annotations

from typing import ClassVar

from core.errors import DomainError


class NotSignedIn(DomainError):
    """Send a token (Authorization: Bearer bp_…), or sign in to the portal."""

    code = "rest.not_signed_in"
    status: ClassVar[int] = 401


class TokenUnknown(DomainError):
    """This token is not known here."""

    code = "rest.token_unknown"
    status: ClassVar[int] = 401


class TokenExpired(DomainError):
    """This token has expired; make a new one."""

    code = "rest.token_expired"
    status: ClassVar[int] = 401


class TokenRevoked(DomainError):
    """This token was revoked."""

    code = "rest.token_revoked"
    status: ClassVar[int] = 401


class TokenWithoutMember(DomainError):
    """Whoever made this token has left the company or its role since."""

    code = "rest.token_without_member"
    status: ClassVar[int] = 401


class ScopeMissing(DomainError):
    """This needs a scope that the token, or the role, does not have."""

    code = "rest.scope_missing"
    status: ClassVar[int] = 403


class CsrfFailed(DomainError):
    """A change by a portal session needs the header X-CSRFToken; a token does not."""

    code = "rest.csrf_failed"
    status: ClassVar[int] = 403


class NothingHere(DomainError):
    """There is nothing at this address, or it is not yours."""

    code = "rest.not_found"
    status: ClassVar[int] = 404


class WrongMethod(DomainError):
    """This address takes other methods only; see the header Allow."""

    code = "rest.wrong_method"
    status: ClassVar[int] = 405


class Changed(DomainError):
    """It has changed since you read it: read it again and decide anew."""

    code = "rest.changed"
    status: ClassVar[int] = 412


class Busy(DomainError):
    """Somebody else is changing this at the moment, and takes long; send it again."""

    code = "rest.busy"


class LengthMissing(DomainError):
    """A body is sent with its length (Content-Length), not in chunks."""

    code = "rest.length_missing"
    status: ClassVar[int] = 411


class TooLarge(DomainError):
    """The request is too large."""

    code = "rest.too_large"
    status: ClassVar[int] = 413


class WrongType(DomainError):
    """The content type is not one that this address takes."""

    code = "rest.wrong_type"
    status: ClassVar[int] = 415


class Invalid(DomainError):
    """Some values cannot be used; each is named."""

    code = "rest.invalid"
    status: ClassVar[int] = 422


class ParameterUnknown(DomainError):
    """This address takes no parameter of that name."""

    code = "rest.unknown_parameter"
    status: ClassVar[int] = 422


class IfMatchMissing(DomainError):
    """A change needs the header If-Match with the ETag of what you read."""

    code = "rest.if_match_missing"
    status: ClassVar[int] = 428


class TooMany(DomainError):
    """Too many requests; wait as long as Retry-After says."""

    code = "rest.too_many_requests"
    status: ClassVar[int] = 429


class BadRequest(DomainError):
    """The request cannot be read."""

    code = "rest.bad_request"
    status: ClassVar[int] = 400


class BadJson(DomainError):
    """The body is no JSON that can be used here."""

    code = "rest.bad_json"
    status: ClassVar[int] = 400


class KeyMissing(DomainError):
    """What creates something needs the header Idempotency-Key, so that it can be sent again."""

    code = "rest.key_missing"
    status: ClassVar[int] = 400


class KeyMalformed(DomainError):
    """An idempotency key has 1 to 255 printable ASCII characters and no space."""

    code = "rest.key_malformed"
    status: ClassVar[int] = 400


class Failed(DomainError):
    """Something went wrong on our side; nothing was changed."""

    code = "rest.failed"
    status: ClassVar[int] = 500


#: For answers that come from below the API, by status.
BY_STATUS: dict[int, type[DomainError]] = {
    400: BadRequest,
    401: NotSignedIn,
    403: CsrfFailed,
    404: NothingHere,
    405: WrongMethod,
    413: TooLarge,
    415: WrongType,
    429: TooMany,
}
