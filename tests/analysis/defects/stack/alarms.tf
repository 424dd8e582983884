resource "aws_sns_topic" "alarms" {
  name = "alarms"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "orders-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.orders.function_name }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn] # errors
}

resource "aws_cloudwatch_metric_alarm" "function" {
  for_each = {
    ConcurrentExecutions = { statistic = "Maximum", threshold = 9 }
    DeadLetterErrors     = { statistic = "Sum", threshold = 0 }
    Duration             = { statistic = "Maximum", threshold = 24000 }
    Throttles            = { statistic = "Sum", threshold = 0 }
  }

  alarm_name          = "orders-${each.key}"
  namespace           = "AWS/Lambda"
  metric_name         = each.key
  dimensions          = { FunctionName = aws_lambda_function.orders.function_name }
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = 3
  threshold           = each.value.threshold
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "queue" {
  for_each = {
    (aws_sqs_queue.orders.name) = { metric = "ApproximateAgeOfOldestMessage", threshold = 600 }
    (aws_sqs_queue.dead.name)   = { metric = "ApproximateNumberOfMessagesVisible", threshold = 0 }
  }

  alarm_name          = "queue-${each.key}"
  namespace           = "AWS/SQS"
  metric_name         = each.value.metric
  dimensions          = { QueueName = each.key }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 1
  threshold           = each.value.threshold
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "proxy" {
  for_each = {
    DatabaseConnections                       = 300
    DatabaseConnectionsBorrowLatency          = 100000
    DatabaseConnectionsCurrentlySessionPinned = 10
  }

  alarm_name          = "orders-proxy-${each.key}"
  namespace           = "AWS/RDS"
  metric_name         = each.key
  dimensions          = { ProxyName = aws_db_proxy.orders.name }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  threshold           = each.value
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "availability" {
  alarm_name          = "orders-proxy-availability"
  namespace           = "AWS/RDS"
  metric_name         = "AvailabilityPercentage"
  dimensions          = { ProxyName = aws_db_proxy.orders.name, TargetGroup = "default", TargetRole = "READ_WRITE" }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  threshold           = 100
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "database" {
  alarm_name          = "orders-database-connections"
  namespace           = "AWS/RDS"
  metric_name         = "DatabaseConnections"
  dimensions          = { DBInstanceIdentifier = aws_db_instance.orders.identifier }
  statistic           = "Average"
  period              = 60
  evaluation_periods  = 5
  threshold           = 600
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}

resource "aws_cloudwatch_metric_alarm" "nat" {
  for_each = aws_nat_gateway.main

  alarm_name          = "nat-${each.key}"
  namespace           = "AWS/NATGateway"
  metric_name         = "ErrorPortAllocation"
  dimensions          = { NatGatewayId = each.value.id }
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 15
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
}
