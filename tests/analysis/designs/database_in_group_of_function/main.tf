module "network" {
  source = "../parts/network"
}

resource "aws_security_group" "shared" {
  vpc_id = module.network.vpc_id
}

resource "aws_security_group_rule" "out" {
  type              = "egress"
  security_group_id = aws_security_group.shared.id
  self              = true
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
}

resource "aws_security_group_rule" "in" {
  type              = "ingress"
  security_group_id = aws_security_group.shared.id
  self              = true
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
}

module "database" {
  source             = "../parts/database"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.shared.id]
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.shared.id]
  actions            = ["rds-db:connect"]
  environment        = { DB_HOST = module.database.address }
}
