"""What the library offers to other frameworks. The service itself imports none of this."""
