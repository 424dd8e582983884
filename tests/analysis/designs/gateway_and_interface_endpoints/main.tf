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
  actions            = ["s3:GetObject", "dynamodb:PutItem", "kms:GenerateDataKey"]
}

resource "aws_vpc_endpoint" "gateway" {
  for_each = toset(["s3", "dynamodb"])

  vpc_id          = module.network.vpc_id
  service_name    = "com.amazonaws.eu-west-1.${each.key}"
  route_table_ids = [module.network.table_a_id, module.network.table_b_id]
}

module "endpoint" {
  source     = "../parts/endpoint"
  vpc_id     = module.network.vpc_id
  subnet_ids = module.network.subnet_ids
  callers    = [aws_security_group.orders.id]
  service    = "kms"
}
