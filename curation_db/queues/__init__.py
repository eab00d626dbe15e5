"""Which card comes next: the queues of one store as arrays, and the order that they are walked in."""
