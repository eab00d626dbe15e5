"""The curation store: people, ratings and verdicts in one DuckDB file, and the terminology they look up."""
