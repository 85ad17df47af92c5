"""Which model does the work? The only room that imports models; each module imports what it runs."""
