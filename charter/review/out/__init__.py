"""What leaves a review and what comes back: packs, edited charts, histories."""
