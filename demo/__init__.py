"""The demo company: data for trying the product, loaded by `make demo`."""
