"""What the operator sees and touches: values in by ``show_...``, acts out by signals."""
