"""Letters, papers and refusals in one language, as the pages are: no Chinese in an English one,
and in a Chinese one no Latin word but names, codes and terms that are the same in both."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.utils.translation import override
from pypdf import PdfReader

from accounts.letters import WORDINGS, account_letter
from core.queue import MadeFile
from core.rulebook import refusals
from core.walls import platform_wide
from customs import queries as customs
from customs.papers import declaration_paper
from notices.catalogue import EVENTS
from notices.letters import letter_of
from notices.models import Mail, Notice
from procurement.papers import order_paper
from procurement.services.documents import paper_of
from rest.problems import OTHER, SENTENCES, problem
from tests.notices.test_catalogue import SAMPLE
from tests.walls.test_languages import CHINESE, data, spoken
from tests.walls.world import World
from traceability.papers import label_sheet

__all__ = ["data"]

LATIN = re.compile(r"[A-Za-z]{2,}")
#: Names, codes and terms that a Chinese reader finds written so.
SAME = frozenset(
    [
        "Bondpool",
        "API",
        "CSV",
        "XLSX",
        "XLS",
        "PDF",
        "PNG",
        "JPEG",
        "WebP",
        "SKU",
        "GTIN",
        "HS",
        "HTTP",
        "HTTPS",
        "URL",
        "JSON",
        "UTF",
        "EPCIS",
        "UETR",
        "SHA",
        "LEI",
        "CNY",
        "CHN",
        "EUR",
        "USD",
        "QR",
        "ID",
        "ISO",
        "IBAN",
        "BIC",
        "FOB",
        "CIF",
        "CFR",
        "EXW",
        "DAP",
        "XML",
        "ZIP",
        "HMAC",
        "RSA",
        "WebP",
        "ETag",
        "If",
        "Match",
        "None",
        "Idempotency",
        "Key",
        "Bearer",
        "Authorization",
        "Content",
        "Type",
        "Length",
        "Accept",
        "Language",
        "NUL",
        "bondpool",
        "token",
        "create",
        "GB",
        "MB",
        "MiB",
        "TOML",
        "OpenAPI",
        "webhook",
        "Webhook",
        "TOTP",
        "PIN",
        "mm",
        "kg",
        "cm",
        "px",
        "DPI",
        "IP",
        "ASCII",
        "https",
        "true",
        "false",
        "CSRFToken",
        "Retry",
        "After",
        "Allow",
    ]
)


#: The sign of the house stands in every letter.
MARK = "邦"


def latin(texts: Iterable[str], data: str = "") -> set[str]:
    """Latin words in Chinese texts that nobody can take for a name or a code."""
    found = set()
    for text in texts:
        # Codes, addresses and examples of what is typed are no words.
        bare = re.sub(r"https?://\S+|\S+@\S+|`[^`]*`|\b\S*[0-9_./]\S*", " ", text)
        found |= {
            f"{word}: {text[:80]}"
            for word in LATIN.findall(bare)
            if word not in SAME and word not in data
        }
    return found


def chinese(texts: Iterable[str], data: str = "") -> set[str]:
    return {
        text[:80]
        for text in texts
        for run in CHINESE.findall(text)
        if run not in data and run != MARK
    }


FACTS = {
    "name": "4711",
    "url": "https://example.test/x",
    "address": "192.0.2.7",
    "to_email": "a@example.test",
    "from_email": "b@example.test",
    "email": "a@example.test",
    "company_zh": "甲乙",
    "company_en": "QWERTY",
    "inviter": "4712",
    "role": "seller",
    "reason": "4713",
}


@pytest.mark.parametrize("kind", sorted(WORDINGS))
def test_a_letter_about_an_account_speaks_one_language(kind: str) -> None:
    zh = account_letter(kind, FACTS, language="zh-hans")
    en = account_letter(kind, FACTS, language="en")

    assert latin([zh.subject, zh.text, *spoken(zh.html, language="zh-hans")]) == set()
    assert chinese([en.subject, en.text, *spoken(en.html, language="en")]) == set()
    assert CHINESE.search(zh.subject)


def _mail(event: str, language: str, role: str) -> Mail:
    company = SimpleNamespace(name="甲乙" if language == "zh-hans" else "QWERTY")
    membership = SimpleNamespace(pk=1, role=role, company=company)
    return SimpleNamespace(  # type: ignore[return-value]
        membership=membership, membership_id=1, event=event, language=language
    )


def _notice(code: str) -> Notice:
    facts = {name: SAMPLE[kind] for name, kind in EVENTS[code].facts.items()}
    if "uid" in facts:
        facts["uid"] = "6f1c1c62-5f0e-4c6f-9f0a-2f7a1f0d5d11"
    return Notice(event=code, subject="x", facts=facts)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_mails_of_news_speak_one_language(language: str) -> None:
    mixed = {}
    for code, event in EVENTS.items():
        for wanted in (code, ""):
            made = letter_of(
                _mail(wanted, language, sorted(event.to)[0]),
                [_notice(code), _notice(code)][: 1 if wanted else 2],
            )
            texts = [made.subject, made.text, *spoken(made.html, language=language)]
            names = "Example Trading Ltd 示例商贸有限公司 QWERTY"
            if found := (latin if language == "zh-hans" else chinese)(texts, names):
                mixed[f"{code} {wanted or 'digest'}"] = sorted(found)

    assert mixed == {}


def test_every_refusal_is_said_in_chinese_to_a_program_too() -> None:
    request = RequestFactory().get("/api/v1/x")
    mixed = {}
    with override("zh-hans"):
        for kind in refusals():
            body = json.loads(problem(request, kind()).content)
            if found := latin([body["title"], body["detail"]]):
                mixed[kind.code] = sorted(found)
            assert CHINESE.search(body["title"]), body["title"]
            assert CHINESE.search(body["detail"]), kind.code
    with override("en"):
        for kind in refusals():
            body = json.loads(problem(request, kind()).content)
            assert chinese([body["title"], body["detail"]]) == set()

    assert mixed == {}


def test_what_is_wrong_with_a_value_is_said_in_chinese() -> None:
    from django.utils.translation import gettext

    with override("zh-hans"):
        assert latin(gettext(one) for one in (*SENTENCES.values(), OTHER)) == set()
        assert all(CHINESE.search(gettext(one)) for one in (*SENTENCES.values(), OTHER))


def _read(made: MadeFile) -> list[str]:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)
    return [" ".join(line.split()) for line in text.splitlines()]


#: What customs wants in Chinese on any form: its offices, of the zone and of the port that the
#: goods enter by, whose names it has in no other language, and the ledger's item number.
IN_CHINESE = "甬保税区 北仑海关 料号"


def test_customs_form_speaks_one_language(world: World, data: str) -> None:
    left = {}
    with platform_wide():
        document = world.declaration.document
        assert document is not None
        for language, find in (("zh-hans", latin), ("en", chinese)):
            document.language = language
            lines = _read(declaration_paper(customs.paper_of(document)))
            assert len(lines) > 10
            if found := find(lines, f"{data}\n{IN_CHINESE}"):
                left[language] = sorted(found)

    assert left == {}


def test_papers_for_both_readers_say_everything_twice(world: World) -> None:
    """An order and the goods' labels are read by a Chinese and by a stranger at once: in
    whichever language they are asked for, each label stands in both."""
    with platform_wide():
        order = world.order.documents.first()
        assert order is not None
        made = {}
        for language in ("zh-hans", "en"):
            order.language = world.sheet.language = language
            made[f"order {language}"] = _read(order_paper(paper_of(order)))
            made[f"labels {language}"] = _read(label_sheet(world.sheet))

    twice = {
        "order": (("买方", "Buyer"), ("买方签章", "For the buyer")),
        "labels": (("批号", "Lot"), ("原产国", "Origin")),
    }
    for what, lines in made.items():
        text = " ".join(lines)
        for zh, en in twice[what.split()[0]]:
            assert zh in text, (what, zh)
            assert en in text, (what, en)
