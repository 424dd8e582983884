# The queue shows a message again while the function still works on it.

resource "aws_iam_role" "this" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "runner" {
  function_name = "runner"
  role          = aws_iam_role.this.arn
  runtime       = "python3.13"
  handler       = "handler.handler"
  s3_bucket     = "code"
  s3_key        = "code.zip"
  timeout       = 180
}

resource "aws_sqs_queue" "jobs" {
  name                       = "jobs"
  visibility_timeout_seconds = 60
}

resource "aws_lambda_event_source_mapping" "jobs" {
  event_source_arn = aws_sqs_queue.jobs.arn
  function_name    = aws_lambda_function.runner.arn
}
