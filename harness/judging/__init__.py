"""Says "should": from the steps of a trace to findings. It never touches the defendant."""
