"""What end-to-end tests are made of: the real programs, real clients, and readers that share no
code with the product. Every test runs in network and process namespaces of its own (see enter)."""
