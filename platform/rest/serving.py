"""What happens around every operation: caller, limits, keys, ETags. The routes say what they need.

Idempotency: the stored answer is written in the same transaction as the effect, so a crash
leaves both or neither, and no second phase can be missed. Who sends the same key at the same
moment waits at a lock of the transaction and then finds the answer. Refusals are not stored:
they wrote nothing, and may be different the next time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja.operation import Operation
from ninja.params.models import BodyModel, FileModel, FormModel, QueryModel
from ninja.responses import Status
from pydantic import BaseModel

from accounts.access import demand_recent_confirmation
from core import clock
from core.ending import left_for_the_end
from core.errors import DomainError
from core.prepared import together
from rest import problems, refusals, rules, services
from rest.calling import Caller, acting, caller_of, tell_allowance

Run = Callable[..., HttpResponse]
T = TypeVar("T", bound=BaseModel)
#: A body of JSON; files may be larger.
MOST_JSON_BYTES = 2 * 1024 * 1024
#: Headers that a repeated answer has again.
_KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Link")


@dataclass(frozen=True, slots=True)
class Need:
    """What an operation needs of a request.

    ``is_confirmed``: a person in the portal has shown lately who it is; a token stands for that.
    ``creates``: an Idempotency-Key, whose answer is kept for ever for ``money``. ``current``:
    the operation that shows what is changed; If-Match must name its ETag, and ``*`` is not enough
    for money and for what is confirmed. ``is_single``: it
    shows one thing, so the answer has an ETag. ``any_standing``: applicants and suspended
    companies may ask as well; ``applicants_too``: only the former.
    """

    scope: str = ""
    is_confirmed: bool = False
    creates: bool = False
    money: bool = False
    current: Callable[..., Any] | None = None
    is_single: bool = False
    is_file: bool = False
    any_standing: bool = False
    applicants_too: bool = False
    listing: Any = None
    tags: tuple[str, ...] = field(default=())


def etag_of(shown: BaseModel) -> str:
    """A strong ETag: the hash of what is shown."""
    told = json.dumps(shown.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def tagging(operate: Callable[..., Any]) -> Callable[..., Any]:
    """Around an operation, after its input is read: notes the ETag of what it shows."""

    @wraps(operate)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        told = operate(request, *args, **kwargs)
        shown = told.value if isinstance(told, Status) else told
        need = need_of(operate)
        if isinstance(shown, BaseModel) and need.is_single:
            request.etag = etag_of(shown)  # type: ignore[attr-defined]
        elif need.is_file and isinstance(told, HttpResponse):
            # Who has a paper already is not sent it again.
            request.etag = f'"{hashlib.sha256(told.content).hexdigest()[:32]}"'  # type: ignore[attr-defined]
        return told

    return run


def need_of(operate: Callable[..., Any]) -> Need:
    found: Need = operate.need  # type: ignore[attr-defined]
    return found


def seen(request: HttpRequest, kind: type[T]) -> T:
    """What was shown when its ETag was compared: services are told of it and refuse when the
    portal has changed it since, for pages wait at no lock of the API."""
    found = request.seen  # type: ignore[attr-defined]
    if not isinstance(found, kind):
        raise TypeError(f"not a {kind.__name__}")
    return found


def guarded(run: Run) -> Run:
    """Around an operation, before its input is read."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]

    @wraps(run)
    def serve(request: HttpRequest, **path: Any) -> HttpResponse:
        need = need_of(operation.view_func)
        try:
            with acting(
                request,
                scope=need.scope,
                any_standing=need.any_standing,
                applicants_too=need.applicants_too,
            ) as caller:
                if need.is_confirmed and caller.token is None:
                    demand_recent_confirmation(request)
                _check_names(request, operation)
                _check_body(request, operation)
                answer = _answer(request, run, need, caller, path)
        except (DomainError, Http404) as error:
            answer = problems.of_exception(request, error)
        tell_allowance(request, answer)
        return answer

    return serve


def _check_names(request: HttpRequest, operation: Operation) -> None:
    """A name that nobody reads would leave everything in. Lists know theirs (``rest.lists``)."""
    if need_of(operation.view_func).listing is not None:
        return
    known = {
        name
        for model in operation.models
        if issubclass(model, QueryModel)
        for name in model.__ninja_flatten_map__
    }
    for name in request.GET:
        if name not in known:
            raise refusals.ParameterUnknown(parameter=name[:80], allowed=sorted(known))


def _check_body(request: HttpRequest, operation: Operation) -> None:
    if any(issubclass(model, BodyModel) for model in operation.models):
        _demand_type(request, "application/json")
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_JSON_BYTES:
            raise refusals.TooLarge(most=MOST_JSON_BYTES)
    if any(issubclass(model, FileModel | FormModel) for model in operation.models):
        _demand_type(request, "multipart/form-data")
        _check_form(request)


def _demand_type(request: HttpRequest, wanted: str) -> None:
    told = request.content_type or ""
    if told != wanted:
        raise refusals.WrongType(content_type=told[:80], wanted=wanted)


def _check_form(request: HttpRequest) -> None:
    """Here a form with its files is read, now that it is known from whom it comes."""
    try:
        texts = [text for name, values in request.POST.lists() for text in (name, *values)]
    except (MultiPartParserError, SuspiciousOperation):
        raise refusals.BadRequest() from None
    if any("\x00" in str(text) for text in texts):
        raise refusals.BadRequest()


def _answer(
    request: HttpRequest, run: Run, need: Need, caller: Caller, path: Mapping[str, Any]
) -> HttpResponse:
    if need.current is not None:
        # No two companies change the same thing; what has no name in the address is the company's
        # or the person's own.
        who = [caller.company.pk, *([] if path else [caller.membership.pk])]
        names = [*who, need.current.__module__, need.current.__name__]
        wanted = request.headers.get("If-Match", "").strip()
        if not wanted or (wanted == "*" and _is_grave(need)):
            # What is not there needs no ETag to be missed.
            need.current(request, **path)
            raise refusals.IfMatchMissing()
        with services.holding(*names, *path.values()):
            shown = need.current(request, **path)
            if wanted != "*" and etag_of(shown) not in _tags(wanted):
                raise refusals.Changed()
            request.seen = shown  # type: ignore[attr-defined]
            answer = _once(request, run, need, caller, path)
    else:
        answer = _once(request, run, need, caller, path)
    return _conditional(request, answer)


def _is_grave(need: Need) -> bool:
    """What has to be seen as it is."""
    return need.is_confirmed or need.money


def _once(
    request: HttpRequest, run: Run, need: Need, caller: Caller, path: Mapping[str, Any]
) -> HttpResponse:
    key = request.headers.get("Idempotency-Key")
    if not need.creates:
        return _tagged(request, run(request, **path))
    if key is None:
        raise refusals.KeyMissing()
    if not rules.is_key(key):
        raise refusals.KeyMalformed()
    told = fingerprint_of(request)
    company, name = caller.company, caller.keys
    with transaction.atomic():
        before = services.stored_answer(company=company, caller=name, key=key, fingerprint=told)
        if before is not None:
            again = HttpResponse(bytes(before.body), status=before.status, headers=before.headers)
            again["Idempotency-Hit"] = "true"
            return again
        with left_for_the_end() as left:
            answer = _tagged(request, run(request, **path))
        if answer.status_code >= 400:
            transaction.set_rollback(True)
            return answer
        with together():
            services.store_answer(
                company=company,
                caller=name,
                key=key,
                fingerprint=told,
                status=answer.status_code,
                headers={head: answer[head] for head in _KEPT_HEADERS if answer.has_header(head)},
                body=answer.content,
                is_kept_forever=need.money,
                now=clock.now(),
            )
            for act in left:
                act()
    answer["Idempotency-Hit"] = "false"
    return answer


def fingerprint_of(request: HttpRequest) -> str:
    """Method, address and content; the boundary of a form with a file is no content."""
    parts = [str(request.method).encode(), request.get_full_path().encode()]
    if request.content_type == "multipart/form-data":
        for name in sorted(request.POST):
            parts += [name.encode(), *(text.encode() for text in request.POST.getlist(name))]
        for name in sorted(request.FILES):
            for sent in request.FILES.getlist(name):
                parts += [name.encode(), str(getattr(sent, "name", "")).encode(), sent.read()]
                sent.seek(0)
    else:
        parts.append(request.body)
    return rules.fingerprint(parts, secret=settings.BONDPOOL_DIGEST_KEY.encode())


def _tags(told: str) -> set[str]:
    """The strong tags of a header; a weak one matches nothing."""
    return {one.strip() for one in told.split(",")}


def _tagged(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    tag = getattr(request, "etag", None)
    if tag and answer.status_code < 300:
        answer["ETag"] = tag
    return answer


def _conditional(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """304 for what the caller has already."""
    known = request.headers.get("If-None-Match")
    if request.method != "GET" or known is None or not answer.has_header("ETag"):
        return answer
    tags = {one.removeprefix("W/") for one in _tags(known)}
    if known.strip() != "*" and answer["ETag"] not in tags:
        return answer
    return HttpResponse(status=304, headers={"ETag": answer["ETag"]})


__all__ = ["Need", "caller_of", "etag_of", "guarded", "need_of", "seen", "tagging"]
