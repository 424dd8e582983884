module "stack" {
  source = "../parts/stack"
}

module "orders" {
  source             = "../parts/function"
  subnet_ids         = module.stack.placement.subnet_ids
  security_group_ids = module.stack.placement.security_group_ids
}
