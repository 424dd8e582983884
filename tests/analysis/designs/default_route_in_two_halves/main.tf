module "network" {
  source = "../parts/network"
}

module "public" {
  source = "../parts/public"
  vpc_id = module.network.vpc_id
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
  environment        = { PAYMENTS_URL = "https://api.payments.example" }
}

resource "aws_eip" "a" {
  domain = "vpc"
}

resource "aws_nat_gateway" "a" {
  allocation_id = aws_eip.a.id
  subnet_id     = module.public.subnet_a_id
}

resource "aws_route" "a" {
  for_each = toset(["0.0.0.0/1", "128.0.0.0/1"])

  route_table_id         = module.network.table_a_id
  destination_cidr_block = each.value
  nat_gateway_id         = aws_nat_gateway.a.id
}

resource "aws_route" "b" {
  for_each = toset(["0.0.0.0/1", "128.0.0.0/1"])

  route_table_id         = module.network.table_b_id
  destination_cidr_block = each.value
  nat_gateway_id         = aws_nat_gateway.a.id
}
