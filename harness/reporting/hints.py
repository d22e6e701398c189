"""What helps with mem0, told only where mem0 is."""

from ..base.versions import OPTIONAL
from ..model.findings import Verdict
from ..model.results import CampaignResult

_EXTRACTED = (
    "mem0 stores what its LLM extracts, unless add is called with infer=False: the harness passes it where your add "
    "names `infer`"
)
_CUT = "mem0's get_all lists 20 records, unless your get_all passes it a larger `top_k`"


def hints(result: CampaignResult) -> list[str]:
    """Return what a reader can do about mem0: why facts are lost there, and which of its parts were not exercised."""
    found = [f"{name} {result.versions[name]}" for name in OPTIONAL if name in result.versions and result.mem0]
    optional = [f"{', '.join(found)}: with them mem0 extracts entities and ranks keywords"] if found else []
    return [*losses(result), *optional]


def losses(result: CampaignResult) -> list[str]:
    """Return why a tenant may not find its own fact in mem0, where one did not."""
    examples = (group.example for scenario in result.scenarios for group in scenario.findings)
    lost = any(one.oracle == "lost" and one.verdict is Verdict.INCONCLUSIVE for one in examples)
    return [_EXTRACTED, _CUT] if lost and result.mem0 else []
