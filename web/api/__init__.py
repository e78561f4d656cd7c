"""The JSON API: one module a kind of thing, each a router."""

PREFIX = "/v1"
