"""An application behind HTTP as a target: a file says how users sign in and what each operation is called there."""
