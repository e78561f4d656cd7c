"""What kandian talks about: times, sessions, products, speech, takes, highlights, errors. No third party but numpy."""
