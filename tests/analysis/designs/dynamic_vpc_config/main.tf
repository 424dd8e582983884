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

resource "aws_iam_role" "orders" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_policy" "orders" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = { Effect = "Allow", Action = "secretsmanager:GetSecretValue", Resource = "*" }
  })
}

resource "aws_iam_role_policy_attachment" "orders" {
  role       = aws_iam_role.orders.name
  policy_arn = aws_iam_policy.orders.arn
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
  runtime       = "python3.13"
  handler       = "handler.handler"
  s3_bucket     = "code"
  s3_key        = "orders.zip"

  dynamic "vpc_config" {
    for_each = [true]

    content {
      subnet_ids         = module.network.subnet_ids
      security_group_ids = [aws_security_group.orders.id]
    }
  }
}
