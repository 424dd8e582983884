# Everything by count, element and splat, and the VPC in a local value.

variable "single_nat" {
  type    = bool
  default = false
}

variable "zones" {
  type    = list(string)
  default = ["eu-west-1a", "eu-west-1b"]
}

locals {
  gateways = var.single_nat ? 1 : length(var.zones)
  vpc_id   = try(aws_vpc_ipv4_cidr_block_association.second[0].vpc_id, aws_vpc.this[0].id, "")
}

resource "aws_vpc" "this" {
  count = 1

  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc_ipv4_cidr_block_association" "second" {
  count = 0

  vpc_id     = aws_vpc.this[0].id
  cidr_block = "100.64.0.0/16"
}

resource "aws_internet_gateway" "this" {
  count = 1

  vpc_id = local.vpc_id
}

resource "aws_subnet" "public" {
  count = length(var.zones)

  vpc_id            = local.vpc_id
  availability_zone = element(var.zones, count.index)
  cidr_block        = element(["10.0.101.0/24", "10.0.102.0/24"], count.index)
}

resource "aws_route_table" "public" {
  count = 1

  vpc_id = local.vpc_id
}

resource "aws_route" "public" {
  count = 1

  route_table_id         = aws_route_table.public[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route_table_association" "public" {
  count = length(var.zones)

  subnet_id      = element(aws_subnet.public[*].id, count.index)
  route_table_id = element(aws_route_table.public[*].id, 0)
}

resource "aws_eip" "nat" {
  count = local.gateways

  domain = "vpc"
}

resource "aws_nat_gateway" "this" {
  count = local.gateways

  allocation_id = element(aws_eip.nat[*].id, var.single_nat ? 0 : count.index)
  subnet_id     = element(aws_subnet.public[*].id, var.single_nat ? 0 : count.index)
}

resource "aws_subnet" "private" {
  count = length(var.zones)

  vpc_id            = local.vpc_id
  availability_zone = element(var.zones, count.index)
  cidr_block        = element(["10.0.1.0/24", "10.0.2.0/24"], count.index)
}

resource "aws_route_table" "private" {
  count = local.gateways

  vpc_id = local.vpc_id
}

resource "aws_route" "private" {
  count = local.gateways

  route_table_id         = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route_table_association" "private" {
  count = length(var.zones)

  subnet_id      = element(aws_subnet.private[*].id, count.index)
  route_table_id = element(aws_route_table.private[*].id, var.single_nat ? 0 : count.index)
}

output "vpc_id" {
  value = try(aws_vpc.this[0].id, null)
}

output "subnet_ids" {
  value = aws_subnet.private[*].id
}

output "table_ids" {
  value = aws_route_table.private[*].id
}
