"""Hypothesis strategies for your own tests: what memfence itself attacks with.

Each is a function that returns a strategy; `owners_of` says whose facts came back. Nothing is written, and importing
this imports Hypothesis and Faker, no mem0.
"""

from .campaigns.generation.strategies import confusable_pairs, facts, filters, injected_ids, owners_of, tenant_ids

__all__ = ["confusable_pairs", "facts", "filters", "injected_ids", "owners_of", "tenant_ids"]
