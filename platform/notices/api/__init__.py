"""Notices and webhooks over the API."""

from notices.api.inbox import routes as inbox
from notices.api.webhooks import routes as webhooks

ROUTES = (inbox, webhooks)
