"""Pages for people: HTML from the same functions that the API answers with. No second path to anything."""
