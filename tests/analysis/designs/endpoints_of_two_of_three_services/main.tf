module "network" {
  source = "../parts/network"
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
  actions            = ["secretsmanager:GetSecretValue", "sqs:SendMessage", "states:StartExecution"]
}

module "endpoint" {
  source   = "../parts/endpoint"
  for_each = toset(["secretsmanager", "sqs"])

  service    = each.key
  vpc_id     = module.network.vpc_id
  subnet_ids = module.network.subnet_ids
  callers    = [aws_security_group.orders.id]
}
