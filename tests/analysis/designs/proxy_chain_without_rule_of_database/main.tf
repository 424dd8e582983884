module "network" {
  source = "../parts/network"
}

resource "aws_security_group" "orders" {
  vpc_id = module.network.vpc_id
}

resource "aws_security_group" "proxy" {
  vpc_id = module.network.vpc_id
}

resource "aws_security_group" "database" {
  vpc_id = module.network.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "orders_out" {
  security_group_id            = aws_security_group.orders.id
  referenced_security_group_id = aws_security_group.proxy.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "proxy_in" {
  security_group_id            = aws_security_group.proxy.id
  referenced_security_group_id = aws_security_group.orders.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_egress_rule" "proxy_out" {
  security_group_id            = aws_security_group.proxy.id
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

module "database" {
  source             = "../parts/database"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.database.id]
}

resource "aws_iam_role" "proxy" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "rds.amazonaws.com" } }]
  })
}

resource "aws_db_proxy" "this" {
  name                   = "orders"
  engine_family          = "POSTGRESQL"
  require_tls            = true
  role_arn               = aws_iam_role.proxy.arn
  vpc_subnet_ids         = module.network.subnet_ids
  vpc_security_group_ids = [aws_security_group.proxy.id]

  auth {
    auth_scheme = "SECRETS"
    iam_auth    = "REQUIRED"
    secret_arn  = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-AbCdEf"
  }
}

resource "aws_db_proxy_default_target_group" "this" {
  db_proxy_name = aws_db_proxy.this.name
}

resource "aws_db_proxy_target" "this" {
  db_proxy_name          = aws_db_proxy.this.name
  target_group_name      = aws_db_proxy_default_target_group.this.name
  db_instance_identifier = module.database.identifier
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.orders.id]
  actions            = ["rds-db:connect"]
  environment        = { DB_HOST = aws_db_proxy.this.endpoint }
}
