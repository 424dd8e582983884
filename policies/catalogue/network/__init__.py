"""Where functions stand in a VPC: zones, routes, endpoints, addresses."""
