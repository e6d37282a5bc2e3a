"""The program set beside the engines that a user would pick instead, all doing the same work."""
