module "network" {
  source = "../parts/network"
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = ["sg-0123456789abcdef0"]
}

module "public" {
  source = "../parts/public"
  vpc_id = module.network.vpc_id
}

resource "aws_eip" "a" {
  domain = "vpc"
}

resource "aws_nat_gateway" "a" {
  allocation_id = aws_eip.a.id
  subnet_id     = module.public.subnet_a_id
}

resource "aws_route" "a" {
  route_table_id         = module.network.table_a_id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.a.id
}

resource "aws_route" "b" {
  route_table_id         = module.network.table_b_id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.a.id
}
