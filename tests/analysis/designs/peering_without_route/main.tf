module "network" {
  source = "../parts/network"
}

module "data" {
  source = "../parts/network"
  cidr   = "10.1.0.0/16"
}

resource "aws_vpc_peering_connection" "this" {
  vpc_id      = module.network.vpc_id
  peer_vpc_id = module.data.vpc_id
  auto_accept = true
}

resource "aws_route" "back_a" {
  route_table_id            = module.data.table_a_id
  destination_cidr_block    = module.network.cidr
  vpc_peering_connection_id = aws_vpc_peering_connection.this.id
}

resource "aws_route" "back_b" {
  route_table_id            = module.data.table_b_id
  destination_cidr_block    = module.network.cidr
  vpc_peering_connection_id = aws_vpc_peering_connection.this.id
}

resource "aws_security_group" "orders" {
  vpc_id = module.network.vpc_id

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
    cidr_blocks = [module.network.cidr]
  }
}

module "database" {
  source             = "../parts/database"
  subnet_ids         = module.data.subnet_ids
  security_group_ids = [aws_security_group.database.id]
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.orders.id]
  actions            = ["rds-db:connect"]
  environment        = { DB_HOST = module.database.address }
}
