module "network" {
  source = "../parts/network"
}

resource "aws_vpn_gateway" "this" {
  vpc_id = module.network.vpc_id
}

resource "aws_route" "a" {
  route_table_id         = module.network.table_a_id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_vpn_gateway.this.id
}

resource "aws_route" "b" {
  route_table_id         = module.network.table_b_id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_vpn_gateway.this.id
}

resource "aws_security_group" "orders" {
  vpc_id = module.network.vpc_id

  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.orders.id]
}
