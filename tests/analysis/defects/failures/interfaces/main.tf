# Twelve functions in three subnets with six security groups and one for all: twelve sets, 36 network interfaces.

resource "aws_vpc" "this" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "private" {
  for_each = { eu-west-1a = 1, eu-west-1b = 2, eu-west-1c = 3 }

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(aws_vpc.this.cidr_block, 8, each.value)
}

resource "aws_security_group" "shared" {
  vpc_id = aws_vpc.this.id
}

resource "aws_security_group" "this" {
  for_each = toset(["build", "cleanup", "images", "status", "tokens", "webhook"])

  vpc_id = aws_vpc.this.id
}

resource "aws_iam_role" "this" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "runner" {
  for_each = aws_security_group.this

  function_name = "runner-${each.key}"
  role          = aws_iam_role.this.arn
  runtime       = "python3.13"
  handler       = "handler.handler"
  s3_bucket     = "code"
  s3_key        = "code.zip"

  vpc_config {
    subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
    security_group_ids = [each.value.id]
  }
}

resource "aws_lambda_function" "helper" {
  for_each = aws_security_group.this

  function_name = "helper-${each.key}"
  role          = aws_iam_role.this.arn
  runtime       = "python3.13"
  handler       = "handler.handler"
  s3_bucket     = "code"
  s3_key        = "code.zip"

  vpc_config {
    subnet_ids         = [for subnet in aws_subnet.private : subnet.id]
    security_group_ids = [each.value.id, aws_security_group.shared.id]
  }
}
