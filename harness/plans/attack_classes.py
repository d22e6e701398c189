"""Every class of attack that there is, by name, with what it is in one sentence."""

from collections.abc import Mapping

from ..model import credentials, timings
from . import (
    clients,
    hostile_keys,
    hostile_scopes,
    id_classes,
    identities,
    joined_texts,
    narrowing,
    overrides,
    questions,
    record_ids,
)

ATTACK_CLASSES: Mapping[str, str] = {
    **id_classes.CLASSES,
    **record_ids.CLASSES,
    **hostile_keys.CLASSES,
    **identities.CLASSES,
    **hostile_scopes.CLASSES,
    **clients.CLASSES,
    **overrides.CLASSES,
    **narrowing.CLASSES,
    **questions.CLASSES,
    **joined_texts.CLASSES,
    **timings.CLASSES,
    **credentials.CLASSES,
}
