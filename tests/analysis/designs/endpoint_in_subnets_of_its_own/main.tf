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
}

resource "aws_subnet" "endpoints" {
  for_each = { eu-west-1a = 31, eu-west-1b = 32 }

  vpc_id            = module.network.vpc_id
  availability_zone = each.key
  cidr_block        = cidrsubnet(module.network.cidr, 8, each.value)
}

module "endpoint" {
  source     = "../parts/endpoint"
  vpc_id     = module.network.vpc_id
  subnet_ids = [for subnet in aws_subnet.endpoints : subnet.id]
  callers    = [aws_security_group.orders.id]
}
