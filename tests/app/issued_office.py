"""One night of an office: two people, four towns, a draft, a signature, an issue, two receipts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.warning.issuing import Issued, IssueOrder, issue
from app.warning.warning_entries import begun
from models.reach.outbox import DeliveryState, Receipt
from models.store import outbox, people, places, warnings
from models.store.database import Database
from models.warning.issuing_office import IssuingOffice
from models.warning.lifecycle import Step, advance
from models.warning.recipient import Recipient
from tests.models.warning.scene import AUTHOR, COUNTY, NOW, OBSERVED, SIGNER, TOWNS, first_draft

PIN = "180601"
PEOPLE = (
    Recipient("张三", "000-2001", (TOWNS[0].code,), ("石坑沟",)),
    Recipient("李四", "000-2002", (TOWNS[1].code,), ("云台沟",)),
)


def fill(db: Database, office: IssuingOffice) -> Issued:
    """Walk the night: every step through the doors of the models, as the desks take it."""
    places.replace(db, (COUNTY, *TOWNS), actor="system", at=NOW)
    for person in (AUTHOR, SIGNER):
        people.add(db, person, PIN, actor="system", at=NOW)
    draft = first_draft(office=office)
    warnings.save(db, draft.warning, begun(draft.warning, "alarm"))
    submitted, line = advance(draft.warning, Step.SUBMIT, AUTHOR, NOW + timedelta(minutes=1), author=AUTHOR)
    warnings.save(db, submitted, line)
    signed, line = advance(submitted, Step.SIGN, SIGNER, NOW + timedelta(minutes=2), author=AUTHOR)
    warnings.save(db, signed, line)
    at = NOW + timedelta(minutes=3)
    issued = issue(db, IssueOrder(signed, AUTHOR, AUTHOR, office, TOWNS, PEOPLE, OBSERVED, ("folder",), at))
    answers = (DeliveryState.DELIVERED, DeliveryState.FAILED)
    texts = [message for message in issued.messages if message.kind == "text"]
    for number, (message, state) in enumerate(zip(texts, answers, strict=True)):
        handed = at + timedelta(seconds=10)
        outbox.mark_handed_over(db, message.id, handed)
        receipt = Receipt(
            f"r-{number}", message.id, state, handed + timedelta(minutes=1 + number), "空号" if number else ""
        )
        assert outbox.add_receipt(db, receipt)
    second = first_draft(office=office, at=NOW + timedelta(hours=1)).warning
    warnings.save(db, replace(second, id="w-second", chain_id="w-second"), begun(second, "alarm"))
    return issued
