"""What the curation comes to: tables for export, agreement and plots, and what was published of them."""
