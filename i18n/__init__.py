"""Words, numbers and dates in English, Malay and Indonesian."""
