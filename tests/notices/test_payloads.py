"""Every message keeps to the schema that the register promises, and the page tells it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from notices.catalogue import EVENTS, hooked
from notices.models import WebhookDelivery
from notices.payloads import payload_schema, table_of_events, webhooks
from rest.reference import example_of
from settlement import forex_gateway
from tests.walls.world import build

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_a_quarters_messages_keep_to_their_schemas(settings: Any) -> None:
    settings.FOREX_RATES_URL = "http://127.0.0.1:9/api/"
    forex_gateway.circuit.close()
    build()
    sent = WebhookDelivery.objects.exclude(event="webhook.ping")
    assert sent.count() == 19

    for one in sent:
        schema = jsonschema_rs.validator_for(payload_schema(EVENTS[one.event]))
        faults = [str(error) for error in schema.iter_errors(json.loads(one.body))]
        assert faults == [], one.event


def test_the_reference_shows_an_example_of_each_message_that_keeps_to_its_schema() -> None:
    for code, told in webhooks().items():
        schema = told["post"]["requestBody"]["content"]["application/json"]["schema"]
        example = example_of({}, schema)
        faults = [str(error) for error in jsonschema_rs.validator_for(schema).iter_errors(example)]

        assert faults == [], code
        assert example["type"] == code


def test_the_page_lists_the_events_as_they_are() -> None:
    page = (ROOT / "docs" / "webhooks.md").read_text("utf-8")

    assert page.endswith(table_of_events())
    assert len(hooked("seller")) == 66
    assert len(hooked("importer")) == 10
