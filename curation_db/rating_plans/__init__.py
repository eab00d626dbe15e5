"""Who rates what: the plan in force, dealt to entries, and who is at which entry just now."""
