module "network" {
  source = "../parts/counted_network"
}

resource "aws_security_group" "orders" {
  vpc_id = module.network.vpc_id
}

resource "aws_security_group_rule" "orders" {
  for_each = { http = 80, https = 443, postgresql = 5432 }

  type              = "egress"
  security_group_id = aws_security_group.orders.id
  protocol          = "tcp"
  from_port         = each.value
  to_port           = each.value
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = module.network.vpc_id
  service_name      = "com.amazonaws.eu-west-1.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = flatten([module.network.table_ids])
}

module "endpoint" {
  source     = "../parts/endpoint"
  vpc_id     = module.network.vpc_id
  subnet_ids = module.network.subnet_ids
  callers    = [aws_security_group.orders.id]
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
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.database.id]
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.orders.id]
  actions            = ["secretsmanager:GetSecretValue", "s3:GetObject", "sqs:SendMessage"]
  environment        = { DB_HOST = module.database.address }
}
