module "network" {
  source     = "../parts/counted_network"
  single_nat = true
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
