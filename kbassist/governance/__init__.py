"""Who may see what, and what is kept? Access, personal data, the interaction log."""
