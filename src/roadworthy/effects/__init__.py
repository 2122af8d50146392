"""What blocks: the catalogue (data), and the walk from the loop to it."""
