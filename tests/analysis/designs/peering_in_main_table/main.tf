resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.this.id
  availability_zone = "eu-west-1a"
  cidr_block        = "10.0.1.0/24"
}

resource "aws_subnet" "b" {
  vpc_id            = aws_vpc.this.id
  availability_zone = "eu-west-1b"
  cidr_block        = "10.0.2.0/24"
}

module "data" {
  source = "../parts/network"
  cidr   = "10.1.0.0/16"
}

resource "aws_vpc_peering_connection" "this" {
  vpc_id      = aws_vpc.this.id
  peer_vpc_id = module.data.vpc_id
}

resource "aws_vpc_peering_connection_accepter" "this" {
  vpc_peering_connection_id = aws_vpc_peering_connection.this.id
  auto_accept               = true
}

resource "aws_route" "there" {
  route_table_id            = aws_vpc.this.main_route_table_id
  destination_cidr_block    = module.data.cidr
  vpc_peering_connection_id = aws_vpc_peering_connection.this.id
}

resource "aws_route" "back_a" {
  route_table_id            = module.data.table_a_id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.this.id
}

resource "aws_route" "back_b" {
  route_table_id            = module.data.table_b_id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.this.id
}

resource "aws_security_group" "orders" {
  vpc_id = aws_vpc.this.id

  egress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = [module.data.cidr]
  }
}

resource "aws_security_group" "database" {
  vpc_id = module.data.vpc_id

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = [aws_vpc.this.cidr_block]
  }
}

module "database" {
  source             = "../parts/database"
  subnet_ids         = module.data.subnet_ids
  security_group_ids = [aws_security_group.database.id]
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = [aws_subnet.a.id, aws_subnet.b.id]
  security_group_ids = [aws_security_group.orders.id]
  actions            = ["rds-db:connect"]
  environment        = { DB_HOST = module.database.address }
}
