"""The plugin's options: light, for pytest reads them wherever memfence is installed."""

NAME = "memfence"
# Fixed: a gate must say the same twice.
SEED = 0
# All of them begin with --memfence-; the ini options bear the same names.
OPTIONS = {
    "seed": "the same seed is the same campaign (default: 0)",
    "users": "synthetic users per scenario, at least 2 (default: 20)",
    "report": "write one report of all items here (.json)",
    "examples": "generated histories, 0 for none (default: 2 for each user, at least 40)",
    "wrapper": "what stands between users and mem0's client: scoped, tutorial or plain",
    "breakage": "plant this defect; the audit must find it",
}
