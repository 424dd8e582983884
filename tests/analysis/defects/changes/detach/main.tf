# A function that leaves its VPC, and loses the permissions on network interfaces in the same apply.

variable "in_vpc" {
  type    = bool
  default = true
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  for_each = { eu-west-1a = 1, eu-west-1b = 2 }

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, each.value)
}

resource "aws_security_group" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_iam_role" "this" {
  name = "orders"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "interfaces" {
  count = var.in_vpc ? 1 : 0

  name = "interfaces"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["ec2:*NetworkInterface*", "ec2:DescribeSubnets"], Resource = "*" }]
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.this.arn
  runtime       = "python3.13"
  handler       = "handler.handler"
  filename      = "handler.zip"

  dynamic "vpc_config" {
    for_each = var.in_vpc ? [1] : []

    content {
      subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
      security_group_ids = [aws_security_group.this.id]
    }
  }
}
