"""What worker processes do for a review; without database and web."""
