"""The panes of the playground screen, one file each, named as on the screen."""
