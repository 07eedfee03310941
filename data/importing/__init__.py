"""Files -> validated tables in a snapshot, with a report of everything that was refused."""
