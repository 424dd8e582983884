module "network" {
  source = "../parts/network"
}

module "egress" {
  source = "../parts/network"
  cidr   = "10.1.0.0/16"
}

resource "aws_ec2_transit_gateway" "this" {}

resource "aws_ec2_transit_gateway_vpc_attachment" "network" {
  vpc_id             = module.network.vpc_id
  subnet_ids         = module.network.subnet_ids
  transit_gateway_id = aws_ec2_transit_gateway.this.id
}

resource "aws_ec2_transit_gateway_vpc_attachment" "egress" {
  vpc_id             = module.egress.vpc_id
  subnet_ids         = module.egress.subnet_ids
  transit_gateway_id = aws_ec2_transit_gateway.this.id
}

resource "aws_ec2_transit_gateway_route" "internet" {
  destination_cidr_block         = "0.0.0.0/0"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.egress.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway.this.association_default_route_table_id
}

resource "aws_internet_gateway" "egress" {
  vpc_id = module.egress.vpc_id
}

resource "aws_subnet" "public" {
  vpc_id            = module.egress.vpc_id
  availability_zone = "eu-west-1a"
  cidr_block        = "10.1.101.0/24"
}

resource "aws_route_table" "public" {
  vpc_id = module.egress.vpc_id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.egress.id
  }

  route {
    cidr_block         = module.network.cidr
    transit_gateway_id = aws_ec2_transit_gateway.this.id
  }
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "this" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public.id
}

resource "aws_route" "egress_a" {
  route_table_id         = module.egress.table_a_id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this.id
}

resource "aws_route" "egress_b" {
  route_table_id         = module.egress.table_b_id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this.id
}

resource "aws_route" "a" {
  route_table_id         = module.network.table_a_id
  destination_cidr_block = "0.0.0.0/0"
  transit_gateway_id     = aws_ec2_transit_gateway.this.id
}

resource "aws_route" "b" {
  route_table_id         = module.network.table_b_id
  destination_cidr_block = "0.0.0.0/0"
  transit_gateway_id     = aws_ec2_transit_gateway.this.id
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
