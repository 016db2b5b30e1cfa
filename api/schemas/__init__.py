"""What comes in over HTTP: pydantic contracts, strict, closed against unknown fields."""
