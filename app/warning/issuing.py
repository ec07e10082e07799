"""The one transaction of an issue: state, journal and outbox, from a signed warning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.errors import StoreError
from models.hazard.register import Place
from models.reach.delivery import messages_for
from models.reach.outbox import OutboxMessage
from models.store import people, warnings
from models.store.database import Database
from models.warning.issuing_office import BEIJING, IssuingOffice
from models.warning.lifecycle import Step, advance, end_previous
from models.warning.observed import TownRain
from models.warning.products import make
from models.warning.recipient import Recipient
from models.warning.warning import Person, WeatherWarning


@dataclass(frozen=True, slots=True, eq=False)
class IssueOrder:
    """Everything an issue is made of: the signed warning, who presses the key, and what it is told to whom."""

    warning: WeatherWarning
    actor: Person
    author: Person
    office: IssuingOffice
    places: tuple[Place, ...]
    recipients: tuple[Recipient, ...]
    observed: tuple[TownRain, ...]
    channels: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, eq=False)
class Issued:
    """What stands in the store after an issue."""

    warning: WeatherWarning
    ended: WeatherWarning | None
    messages: tuple[OutboxMessage, ...]
    cap_xml: str


def issue(db: Database, order: IssueOrder) -> Issued:
    """Make the final products, check them, and write everything; runs inside one transaction of the store.

    Raises
    ------
    DataError, DeliveryError, IllegalStepError, StoreError
        What the products, the drill range, the life of a warning or the store
        refuse; then nothing at all is written.
    """
    known = {w.id: w for w in warnings.all_warnings(db)}
    warning = order.warning
    stored = known.get(warning.id)
    if stored is not None and stored.state is warning.state and stored != warning:
        raise StoreError("warnings.changed_elsewhere")  # what was signed is what goes out
    actor, author = people.find(db, order.actor.id), people.find(db, order.author.id)
    previous = known.get(warning.previous_id)
    number = warnings.next_number(db, order.at.astimezone(BEIJING).year)
    products = make(
        warning,
        office=order.office,
        places=order.places,
        at=order.at,
        number=number,
        recipients=order.recipients,
        previous=previous,
        earlier=tuple(w for w in known.values() if w.chain_id == warning.chain_id and w.issued_at),
        taken={w.identifier for w in known.values() if w.identifier},
        observed=order.observed,
    )
    issued, entry = advance(warning, Step.ISSUE, actor, order.at, author=author, products=products)
    entries, ended = [entry], None
    if previous is not None:
        ended, end_entry = end_previous(previous, issued, order.at)
        entries.append(end_entry)
    messages = messages_for(products, order.office, order.at, channels=order.channels)
    warnings.issue(db, issued, ended, messages, products.cap_xml, tuple(entries))
    return Issued(issued, ended, messages, products.cap_xml)
