"""What runs: the flow, its stages, the store, the runner, the executors and the command line. Start at flow.py."""
