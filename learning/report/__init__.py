"""The page of `kandian quality --html`: one file that needs nothing else, on which a person sees what went wrong."""
