"""Where the house is composed: desks hold state, jobs run work, `console` wires."""
