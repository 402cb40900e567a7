"""Set-ups as text to send: the link of TensorFlow Playground, and a line that holds a run."""
