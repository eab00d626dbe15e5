"""That nothing is lost and everything can be looked up: the ledger looked through, backups, past states."""
