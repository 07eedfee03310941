"""Who is the same person: identities, how they are written, which agree, and what was decided about them."""
