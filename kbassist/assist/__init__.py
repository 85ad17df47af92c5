"""What do I give the person? The answer policy, snippets, drafts, the handoff."""
