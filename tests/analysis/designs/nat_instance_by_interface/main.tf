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
}

resource "aws_security_group" "nat" {
  vpc_id = module.network.vpc_id

  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = [aws_security_group.orders.id]
  }

  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_network_interface" "nat" {
  subnet_id         = module.public.subnet_a_id
  security_groups   = [aws_security_group.nat.id]
  source_dest_check = false
}

resource "aws_eip" "nat" {
  domain            = "vpc"
  network_interface = aws_network_interface.nat.id
}

resource "aws_instance" "nat" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t4g.nano"

  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.nat.id
  }
}

resource "aws_route" "a" {
  route_table_id         = module.network.table_a_id
  destination_cidr_block = "0.0.0.0/0"
  network_interface_id   = aws_network_interface.nat.id
}

resource "aws_route" "b" {
  route_table_id         = module.network.table_b_id
  destination_cidr_block = "0.0.0.0/0"
  network_interface_id   = aws_network_interface.nat.id
}
