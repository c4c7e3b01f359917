"""Companies at the door of the demo house, so that its operator finds work.

They came after the quarter: none of them files, owns or owes anything.
"""

from __future__ import annotations

import io
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from reportlab.pdfgen.canvas import Canvas
from stdnum.cn import uscc

from accounts.models import AdmissionStep, Company, User
from accounts.services import admitting
from accounts.services.admitting import Applicant, Paper
from demo.house import DATA, PASSWORD, House
from settlement.models import BankAccount
from settlement.services import enter_account


def knock(house: House, *, now: datetime) -> int:
    """Let the applicants apply, and decide about some; safe to run again. Returns how many came."""
    plan = tomllib.loads((DATA / "applicants.toml").read_text("utf-8"))
    return sum(_one(house, said, now) for said in plan["applicants"])


def ask_for_another_account(house: House, *, now: datetime) -> None:
    """A supplier wrote that it has another bank: finance entered it, and somebody has to ask
    back before it counts. Safe to run again."""
    company = house.partners["LAV"].company
    if BankAccount.objects.filter(company=company).count() == 1:
        enter_account(
            company=company,
            currency=house.partners["LAV"].currency,
            account="FR7630006000011234567890189",
            bic="ESSAFRPPXXX",
            bank_name="Banque d'Essai",
            entered_by=house.maker,
            now=now - timedelta(hours=3),
        )


def _one(house: House, said: Mapping[str, Any], now: datetime) -> int:
    number = said["uscc_body"] + str(uscc.calc_check_digit(said["uscc_body"]))
    if Company.objects.filter(uscc=number).exists():
        return 0
    came = now - timedelta(days=said["days_ago"])
    user = User.objects.filter(email=said["email"]).first()
    if user is None:
        user = User.objects.create_user(said["email"], PASSWORD, name=said["person"])
    admission = admitting.apply(
        user=user,
        applicant=Applicant(
            name_zh=said["name_zh"],
            name_en=said["name_en"],
            uscc=number,
            street=said["street"],
            town=said["town"],
            contact_name=said["person"],
            contact_phone=said["contact_phone"],
            contact_email=said["email"],
        ),
        papers=[Paper(kind, f"{kind}.pdf", _pdf(kind, said, number)) for kind in said["papers"]],
        now=came,
    )
    for days, (decision, reason) in enumerate(said.get("decisions", []), 1):
        steps = AdmissionStep.objects.filter(admission=admission)
        admitting.decide(
            company=admission.company,
            decision=decision,
            reason=reason,
            seen=steps.aggregate(last=Max("pk"))["last"],
            user=house.operator,
            now=came + timedelta(days=days),
        )
    return 1


def _pdf(kind: str, said: Mapping[str, Any], number: str) -> bytes:
    """A paper that shows what it is not: a sample."""
    out = io.BytesIO()
    # The same file each time: no day of making in it.
    canvas = Canvas(out, pagesize=(420, 297), invariant=True)
    for line, text in enumerate(("SAMPLE", kind.upper(), str(said["name_en"]), number)):
        canvas.drawString(40, 240 - 30 * line, text)
    canvas.save()
    return out.getvalue()
