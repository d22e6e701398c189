"""How somebody waits for what a feed tells."""

from ..model.channels import Channel
from ..model.observations import Returned
from ..model.operations import GetAll
from ..model.tenants import Fact, Tenant
from .scenario import Plan

# Each look waits a moment by itself.
_LOOKS = 6


def until_told(by: Tenant, *facts: Fact, how: Channel) -> Plan:
    """Look for the first of these facts until one of them has come, and no longer than it may take."""
    for _ in range(_LOOKS):
        seen = (yield GetAll(by, facts[0], how=how)).observation
        if not isinstance(seen, Returned):
            return
        texts = [text for record in seen.records for text in (record.text, *record.aside)]
        if any(fact.stands_in(text) for fact in facts for text in texts):
            return
