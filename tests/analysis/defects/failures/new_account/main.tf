# A new account may run 10 executions at once, so that no function in it can reserve any.

resource "aws_iam_role" "this" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "ingest" {
  function_name                  = "ingest"
  role                           = aws_iam_role.this.arn
  runtime                        = "python3.13"
  handler                        = "handler.handler"
  s3_bucket                      = "code"
  s3_key                         = "code.zip"
  reserved_concurrent_executions = 5
}
