variable "vpc_id" {
  type = string
}

resource "aws_internet_gateway" "this" {
  vpc_id = var.vpc_id
}

resource "aws_subnet" "a" {
  vpc_id            = var.vpc_id
  availability_zone = "eu-west-1a"
  cidr_block        = "10.0.101.0/24"
}

resource "aws_subnet" "b" {
  vpc_id            = var.vpc_id
  availability_zone = "eu-west-1b"
  cidr_block        = "10.0.102.0/24"
}

resource "aws_route_table" "this" {
  vpc_id = var.vpc_id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.this.id
}

resource "aws_route_table_association" "b" {
  subnet_id      = aws_subnet.b.id
  route_table_id = aws_route_table.this.id
}

output "gateway_id" {
  value = aws_internet_gateway.this.id
}

output "subnet_a_id" {
  value = aws_subnet.a.id
}

output "subnet_b_id" {
  value = aws_subnet.b.id
}
