"""Shows that never were, as text with truth: to fit what is learned from shows, and to test it on families unseen."""
