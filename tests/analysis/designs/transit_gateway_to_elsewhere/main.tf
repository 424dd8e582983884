module "network" {
  source = "../parts/network"
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

resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  vpc_id             = module.network.vpc_id
  subnet_ids         = module.network.subnet_ids
  transit_gateway_id = "tgw-0123456789abcdef0"
}

resource "aws_route" "a" {
  route_table_id         = module.network.table_a_id
  destination_cidr_block = "0.0.0.0/0"
  transit_gateway_id     = "tgw-0123456789abcdef0"
  depends_on             = [aws_ec2_transit_gateway_vpc_attachment.this]
}

resource "aws_route" "b" {
  route_table_id         = module.network.table_b_id
  destination_cidr_block = "0.0.0.0/0"
  transit_gateway_id     = "tgw-0123456789abcdef0"
  depends_on             = [aws_ec2_transit_gateway_vpc_attachment.this]
}
