"""Annotators who rate at once on the real server: how long the next card takes, and what the ledger kept."""
