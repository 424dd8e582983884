module "network" {
  source = "../parts/network"
}

resource "aws_security_group" "orders" {
  vpc_id = module.network.vpc_id

  egress {
    protocol        = "tcp"
    from_port       = 2049
    to_port         = 2049
    security_groups = [aws_security_group.files.id]
  }
}

resource "aws_security_group" "files" {
  vpc_id = module.network.vpc_id

  ingress {
    protocol    = "tcp"
    from_port   = 2049
    to_port     = 2049
    cidr_blocks = [module.network.cidr]
  }
}

resource "aws_efs_file_system" "this" {}

resource "aws_efs_mount_target" "this" {
  count = 2

  file_system_id  = aws_efs_file_system.this.id
  subnet_id       = module.network.subnet_ids[count.index]
  security_groups = [aws_security_group.files.id]
}

resource "aws_efs_access_point" "this" {
  file_system_id = aws_efs_file_system.this.id
}

resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
  runtime       = "python3.13"
  handler       = "handler.handler"
  s3_bucket     = "code"
  s3_key        = "orders.zip"
  depends_on    = [aws_efs_mount_target.this]

  vpc_config {
    subnet_ids         = module.network.subnet_ids
    security_group_ids = [aws_security_group.orders.id]
  }

  file_system_config {
    arn              = aws_efs_access_point.this.arn
    local_mount_path = "/mnt/files"
  }
}
