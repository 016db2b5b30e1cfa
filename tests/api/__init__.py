"""The API as clients meet it: a real server, a real database, and where it matters a real engine with a real worker."""
