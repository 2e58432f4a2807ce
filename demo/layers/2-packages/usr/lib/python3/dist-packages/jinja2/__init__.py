"""Nothing but a name: a demonstration."""
