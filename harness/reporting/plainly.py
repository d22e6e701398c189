"""A finding as one sentence for who knows none of our words."""

from collections.abc import Mapping

from ..model.findings import Finding, FindingClass
from ..model.operations import Update
from ..model.tenants import Tenant

_BY_ORACLE: Mapping[str, str] = {
    "accepted": "{by} answered as for {owner}: {observer} came with {credential}",
    "cacheable": "what {owner} is answered by {by} may be given to others by a shared cache",
    "contained": "the store answered {observer} with a record of {owner}'s by {by}; the wrapper withheld it",
    "cross_origin": "a page of any other site may read what {owner} is answered by {by}",
    "existence": "{observer} can tell by {by} which record ids are {owner}'s",
    "filter_ignored": "{owner}'s own filter is not followed by {by}",
    "foreign_id": "{observer} learned {owner}'s id by {by}",
    "mislabelled": "a record with {owner}'s fact carries another user's id, seen by {by}",
    "prompt_bleed": "the extraction prompt for {observer} held {whose}",
    "tampering": "{observer} {did} {owner}'s record by {by}",
}
_BY_CLASS: Mapping[FindingClass, str] = {
    FindingClass.LEAK: "{observer} read {owner}'s record by {by}",
    FindingClass.INTERFERENCE: "{observer} sees something else by {by} when others are there",
    FindingClass.INTEGRITY: "{observer} changed {owner}'s record by {by}",
    FindingClass.AVAILABILITY: "{owner} cannot find its own fact by {by}",
    FindingClass.RESIDUE: "{owner}'s deleted text is still in the store",
    FindingClass.EXPOSURE: "what {owner} is answered by {by} does not say who may be shown it",
    FindingClass.TIMING: "how long {by} takes tells {observer} what {owner} has stored or asked",
}
_OWN = "{observer} was shown its own deleted text by {by}"
_HIDDEN = "others' records hide {owner}'s own fact from it: {by}"


def plainly(told: Finding) -> str:
    """Return it: `gina_10 (signed in as "john-7 ") deleted john_7's record by delete_all`."""
    own = told.observer.index == told.owner.index
    said = _BY_ORACLE.get(told.oracle, _BY_CLASS[told.klass])
    if told.oracle == "residue" and told.klass is FindingClass.LEAK and own:
        said = _OWN
    elif told.oracle == "lost" and told.klass is FindingClass.INTERFERENCE:
        said = _HIDDEN
    return said.format(
        observer=_who(told.observer),
        owner=_who(told.owner),
        by=told.channel,
        credential="" if told.observer.credential is None else told.observer.credential.told,
        did="changed" if isinstance(told.step.operation, Update) else "deleted",
        whose="a fact that it had erased" if own else f"{told.owner.handle}'s fact",
    )


def _who(tenant: Tenant) -> str:
    return f"{tenant.handle} (signed in as {tenant.alias})" if tenant.alias else tenant.handle
