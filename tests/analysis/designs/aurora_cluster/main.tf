module "network" {
  source = "../parts/network"
}

resource "aws_security_group" "orders" {
  vpc_id = module.network.vpc_id

  egress {
    protocol    = "tcp"
    from_port   = 3306
    to_port     = 3306
    cidr_blocks = [module.network.cidr]
  }
}

resource "aws_security_group" "database" {
  vpc_id = module.network.vpc_id

  ingress {
    protocol        = "tcp"
    from_port       = 3306
    to_port         = 3306
    security_groups = [aws_security_group.orders.id]
  }
}

resource "aws_db_subnet_group" "this" {
  subnet_ids = module.network.subnet_ids
}

resource "aws_rds_cluster" "this" {
  engine                      = "aurora-mysql"
  master_username             = "orders"
  manage_master_user_password = true
  skip_final_snapshot         = true
  db_subnet_group_name        = aws_db_subnet_group.this.name
  vpc_security_group_ids      = [aws_security_group.database.id]
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = module.network.subnet_ids
  security_group_ids = [aws_security_group.orders.id]
  actions            = ["rds-db:connect"]
  environment        = { DB_HOST = aws_rds_cluster.this.endpoint }
}
