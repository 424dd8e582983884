module "network" {
  source = "../parts/network"
}

resource "aws_security_group" "cluster" {
  vpc_id = module.network.vpc_id

  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }

  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
}

module "cluster" {
  source             = "../parts/cluster"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.cluster.id]
}

module "endpoint" {
  source   = "../parts/endpoint"
  for_each = toset(["lambda", "sts"])

  service    = each.value
  vpc_id     = module.network.vpc_id
  subnet_ids = module.network.subnet_ids
  callers    = [aws_security_group.cluster.id]
}
