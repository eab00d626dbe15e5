"""Who takes part: letting them in, and how far each is."""
