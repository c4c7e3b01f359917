from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import Company, Membership
from core.listings import of_each
from notices.catalogue import hooked
from notices.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WhyDisabled


def may_manage(membership: Membership) -> bool:
    """Webhooks carry a company's news out of the house: its administrators say where to."""
    hears = any(membership.role in event.to for event in hooked())
    return hears and membership.is_admin


def endpoints(company: Company) -> QuerySet[WebhookEndpoint]:
    """A company's own, with how many messages wait and failed; not those that are ended."""
    found: QuerySet[WebhookEndpoint] = WebhookEndpoint.objects.filter(company=company).exclude(
        disabled_because=WhyDisabled.ENDED
    )
    waiting = Q(state__in=[DeliveryState.PENDING, DeliveryState.SENDING])
    sent = WebhookDelivery.objects.all()
    return found.select_related("created_by").annotate(
        waiting=of_each(sent.filter(waiting), "endpoint", Count("pk")),
        failed=of_each(sent.filter(state=DeliveryState.FAILED), "endpoint", Count("pk")),
    )


def endpoint_of(company: Company, uid: UUID) -> WebhookEndpoint | None:
    """None for another company's."""
    found: WebhookEndpoint | None = WebhookEndpoint.objects.filter(company=company, uid=uid).first()
    return found


def deliveries(endpoint: WebhookEndpoint) -> QuerySet[WebhookDelivery]:
    """The bodies are left for the page of one."""
    found: QuerySet[WebhookDelivery] = WebhookDelivery.objects.filter(endpoint=endpoint)
    return found.defer("body", "answer")


def delivery_of(company: Company, uid: str) -> WebhookDelivery | None:
    """None for another company's."""
    found: WebhookDelivery | None = (
        WebhookDelivery.objects.filter(company=company, uid=uid).select_related("endpoint").first()
    )
    return found
