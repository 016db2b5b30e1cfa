"""What one unit holds and answers for: the state, its clocks, commands and events, and how dossiers are made of it."""
