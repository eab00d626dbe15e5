"""One card: what is on it, what stays hidden until it is rated, and ratings of many pairs in one go."""
