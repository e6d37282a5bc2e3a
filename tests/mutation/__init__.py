"""Whether the tests notice a program that is wrong: see __main__.py."""
