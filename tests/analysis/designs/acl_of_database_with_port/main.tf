module "network" {
  source = "../parts/network"
}

resource "aws_security_group" "orders" {
  vpc_id = module.network.vpc_id

  egress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = [module.network.cidr]
  }
}

resource "aws_security_group" "database" {
  vpc_id = module.network.vpc_id

  ingress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [aws_security_group.orders.id]
  }
}

module "database" {
  source             = "../parts/database"
  subnet_ids         = [aws_subnet.c.id, aws_subnet.d.id]
  security_group_ids = [aws_security_group.database.id]
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.orders.id]
  actions            = ["rds-db:connect"]
  environment        = { DB_HOST = module.database.address }
}

resource "aws_subnet" "c" {
  vpc_id            = module.network.vpc_id
  availability_zone = "eu-west-1a"
  cidr_block        = "10.0.3.0/24"
}

resource "aws_subnet" "d" {
  vpc_id            = module.network.vpc_id
  availability_zone = "eu-west-1b"
  cidr_block        = "10.0.4.0/24"
}

resource "aws_network_acl" "this" {
  vpc_id     = module.network.vpc_id
  subnet_ids = [aws_subnet.c.id, aws_subnet.d.id]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = module.network.cidr
    from_port  = 5432
    to_port    = 5432
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = module.network.cidr
    from_port  = 1024
    to_port    = 65535
  }
}
