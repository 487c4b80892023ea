"""The rules of the house, one file a subject. A rule is a function that takes a Tree and yields a
Finding for each line that breaks it."""
