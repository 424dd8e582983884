module "network" {
  source = "../parts/network"
}

resource "aws_vpc_ipv4_cidr_block_association" "this" {
  vpc_id     = module.network.vpc_id
  cidr_block = "100.64.0.0/16"
}

resource "aws_subnet" "functions" {
  for_each = { eu-west-1a = "100.64.0.0/18", eu-west-1b = "100.64.64.0/18" }

  vpc_id            = aws_vpc_ipv4_cidr_block_association.this.vpc_id
  availability_zone = each.key
  cidr_block        = each.value
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
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["100.64.0.0/16"]
  }
}

module "database" {
  source             = "../parts/database"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.database.id]
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = [for subnet in aws_subnet.functions : subnet.id]
  security_group_ids = [aws_security_group.orders.id]
  actions            = ["rds-db:connect"]
  environment        = { DB_HOST = module.database.address }
}
