"""Service requests (B1-B11): the flow of their steps, the state, its clocks, commands and events, and the promises."""
