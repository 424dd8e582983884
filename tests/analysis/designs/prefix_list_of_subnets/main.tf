module "network" {
  source = "../parts/network"
}

resource "aws_ec2_managed_prefix_list" "functions" {
  name           = "functions"
  address_family = "IPv4"
  max_entries    = 2

  entry {
    cidr = "10.0.1.0/24"
  }

  entry {
    cidr = "10.0.2.0/24"
  }
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
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id = aws_security_group.database.id
  prefix_list_id    = aws_ec2_managed_prefix_list.functions.id
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}

module "database" {
  source             = "../parts/database"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.database.id]
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.orders.id]
  actions            = ["rds-db:connect"]
  environment        = { DB_HOST = module.database.address }
}
