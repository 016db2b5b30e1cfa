"""A made-up town with a year behind it: lives by the domain's own rules, rows by the store's own functions."""
