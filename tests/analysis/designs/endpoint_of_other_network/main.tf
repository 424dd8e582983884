module "network" {
  source = "../parts/network"
}

module "other" {
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

module "endpoint" {
  source     = "../parts/endpoint"
  vpc_id     = module.network.vpc_id
  subnet_ids = module.network.subnet_ids
  callers    = [aws_security_group.orders.id]
}

resource "aws_security_group" "reports" {
  vpc_id = module.other.vpc_id

  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

module "reports" {
  source             = "../parts/function"
  name               = "reports"
  subnet_ids         = module.other.subnet_ids
  security_group_ids = [aws_security_group.reports.id]
}
