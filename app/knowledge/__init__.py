"""What is known across stories: which entities of different stories are the same."""
