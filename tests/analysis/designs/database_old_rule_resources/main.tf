module "network" {
  source = "../parts/network"
}

resource "aws_security_group" "orders" {
  vpc_id = module.network.vpc_id
}

resource "aws_security_group" "database" {
  vpc_id = module.network.vpc_id
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

resource "aws_security_group_rule" "orders" {
  type                     = "egress"
  security_group_id        = aws_security_group.orders.id
  source_security_group_id = aws_security_group.database.id
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
}

resource "aws_security_group_rule" "database" {
  type                     = "ingress"
  security_group_id        = aws_security_group.database.id
  source_security_group_id = aws_security_group.orders.id
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
}
