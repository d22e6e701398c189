"""Decides who exists and what is tried: tenants, scenarios, hostile ids, and how a history is changed."""
