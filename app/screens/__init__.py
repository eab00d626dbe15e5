"""One file a page: reads widgets, calls one service, draws the result."""
