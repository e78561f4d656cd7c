"""What kandian costs, beside what it cannot cost less than. `make bench` prints ratios; no test depends on a clock."""
