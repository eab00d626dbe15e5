"""Files to tables: one reader a format; what cannot be read is listed, never dropped in silence."""
