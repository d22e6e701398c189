"""Defects of a web application around memories: who asks, sessions, tokens, caches, accounts."""
