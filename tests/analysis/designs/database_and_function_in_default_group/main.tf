module "network" {
  source = "../parts/network"
}

resource "aws_default_security_group" "this" {
  vpc_id = module.network.vpc_id

  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

module "database" {
  source             = "../parts/database"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_default_security_group.this.id]
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_default_security_group.this.id]
  actions            = ["rds-db:connect"]
  environment        = { DB_HOST = module.database.address }
}
