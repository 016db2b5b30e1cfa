"""What administrators do, and everybody with the own account: the functions behind the routes and behind the pages."""
