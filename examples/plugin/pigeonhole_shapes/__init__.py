"""An example of a plug-in for Pigeonhole: a source, a network, a recipe and a section of the report."""
