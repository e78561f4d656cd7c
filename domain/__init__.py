"""What kandian talks about: times, sessions, products, transcripts, takes, highlights, errors. Standard library and numpy only."""
