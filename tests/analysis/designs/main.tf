module "acl_denies_first" {
  source = "./acl_denies_first"
}

module "acl_denies_later" {
  source = "./acl_denies_later"
}

module "acl_of_database_with_port" {
  source = "./acl_of_database_with_port"
}

module "acl_of_database_without_port" {
  source = "./acl_of_database_without_port"
}

module "acl_of_nat_subnet" {
  source = "./acl_of_nat_subnet"
}

module "acl_of_one_subnet" {
  source = "./acl_of_one_subnet"
}

module "acl_rules_as_resources" {
  source = "./acl_rules_as_resources"
}

module "acl_with_answers" {
  source = "./acl_with_answers"
}

module "acl_with_some_answer_ports" {
  source = "./acl_with_some_answer_ports"
}

module "acl_without_answers" {
  source = "./acl_without_answers"
}

module "aurora_cluster" {
  source = "./aurora_cluster"
}

module "cache" {
  source = "./cache"
}

module "cache_rule_for_other_port" {
  source = "./cache_rule_for_other_port"
}

module "count_of_routes_too_small" {
  source = "./count_of_routes_too_small"
}

module "count_of_zones" {
  source = "./count_of_zones"
}

module "counted_network" {
  source = "./counted_network"
}

module "counted_network_with_single_nat" {
  source = "./counted_network_with_single_nat"
}

module "database_and_function_in_default_group" {
  source = "./database_and_function_in_default_group"
}

module "database_and_function_in_emptied_default_group" {
  source = "./database_and_function_in_emptied_default_group"
}

module "database_group_without_egress_rule" {
  source = "./database_group_without_egress_rule"
}

module "database_group_without_ingress_rule" {
  source = "./database_group_without_ingress_rule"
}

module "database_in_group_of_function" {
  source = "./database_in_group_of_function"
}

module "database_inline_rules" {
  source = "./database_inline_rules"
}

module "database_old_rule_resources" {
  source = "./database_old_rule_resources"
}

module "database_rule_for_all_protocols" {
  source = "./database_rule_for_all_protocols"
}

module "database_rule_for_both_subnets" {
  source = "./database_rule_for_both_subnets"
}

module "database_rule_for_one_subnet" {
  source = "./database_rule_for_one_subnet"
}

module "database_rule_for_other_port" {
  source = "./database_rule_for_other_port"
}

module "database_rule_for_port_range" {
  source = "./database_rule_for_port_range"
}

module "database_rule_resources" {
  source = "./database_rule_resources"
}

module "default_route_in_two_halves" {
  source = "./default_route_in_two_halves"
}

module "dual_stack_with_nat" {
  source = "./dual_stack_with_nat"
}

module "dynamic_vpc_config" {
  source = "./dynamic_vpc_config"
}

module "egress_only_ipv6" {
  source = "./egress_only_ipv6"
}

module "egress_only_ipv6_function_without_ipv6" {
  source = "./egress_only_ipv6_function_without_ipv6"
}

module "endpoint_attached_by_associations" {
  source = "./endpoint_attached_by_associations"
}

module "endpoint_behind_acl" {
  source = "./endpoint_behind_acl"
}

module "endpoint_group_for_others" {
  source = "./endpoint_group_for_others"
}

module "endpoint_group_of_addresses" {
  source = "./endpoint_group_of_addresses"
}

module "endpoint_group_without_443" {
  source = "./endpoint_group_without_443"
}

module "endpoint_in_one_zone" {
  source = "./endpoint_in_one_zone"
}

module "endpoint_in_subnets_of_its_own" {
  source = "./endpoint_in_subnets_of_its_own"
}

module "endpoint_missing" {
  source = "./endpoint_missing"
}

module "endpoint_of_other_network" {
  source = "./endpoint_of_other_network"
}

module "endpoint_of_other_service" {
  source = "./endpoint_of_other_service"
}

module "endpoint_policy_allows" {
  source = "./endpoint_policy_allows"
}

module "endpoint_policy_denies" {
  source = "./endpoint_policy_denies"
}

module "endpoint_policy_other_action" {
  source = "./endpoint_policy_other_action"
}

module "endpoint_private_dns_off" {
  source = "./endpoint_private_dns_off"
}

module "endpoint_with_default_group" {
  source = "./endpoint_with_default_group"
}

module "endpoint_with_rule_resources" {
  source = "./endpoint_with_rule_resources"
}

module "endpoint_without_dns_hostnames" {
  source = "./endpoint_without_dns_hostnames"
}

module "endpoints_of_three_services" {
  source = "./endpoints_of_three_services"
}

module "endpoints_of_two_of_three_services" {
  source = "./endpoints_of_two_of_three_services"
}

module "endpoints_only" {
  source = "./endpoints_only"
}

module "existing_group_by_id" {
  source = "./existing_group_by_id"
}

module "existing_subnets_by_data_source" {
  source = "./existing_subnets_by_data_source"
}

module "existing_subnets_by_id" {
  source = "./existing_subnets_by_id"
}

module "files" {
  source = "./files"
}

module "files_by_count" {
  source = "./files_by_count"
}

module "files_by_index_of_output" {
  source = "./files_by_index_of_output"
}

module "files_group_for_other_port" {
  source = "./files_group_for_other_port"
}

module "files_group_without_rules" {
  source = "./files_group_without_rules"
}

module "for_each_of_zones" {
  source = "./for_each_of_zones"
}

module "for_each_with_one_table" {
  source = "./for_each_with_one_table"
}

module "function_that_calls_nothing" {
  source = "./function_that_calls_nothing"
}

module "gateway_and_interface_endpoints" {
  source = "./gateway_and_interface_endpoints"
}

module "gateway_endpoint" {
  source = "./gateway_endpoint"
}

module "gateway_endpoint_beside_nat" {
  source = "./gateway_endpoint_beside_nat"
}

module "gateway_endpoint_by_association" {
  source = "./gateway_endpoint_by_association"
}

module "gateway_endpoint_group_within_vpc" {
  source = "./gateway_endpoint_group_within_vpc"
}

module "gateway_endpoint_of_other_service" {
  source = "./gateway_endpoint_of_other_service"
}

module "gateway_endpoint_on_one_table" {
  source = "./gateway_endpoint_on_one_table"
}

module "gateway_endpoint_policy_allows" {
  source = "./gateway_endpoint_policy_allows"
}

module "gateway_endpoint_policy_denies" {
  source = "./gateway_endpoint_policy_denies"
}

module "main_table_replaced" {
  source = "./main_table_replaced"
}

module "main_table_with_nat" {
  source = "./main_table_with_nat"
}

module "main_table_without_nat" {
  source = "./main_table_without_nat"
}

module "modules_in_modules" {
  source = "./modules_in_modules"
}

module "nat_for_each_zone" {
  source = "./nat_for_each_zone"
}

module "nat_for_one_of_two_subnets" {
  source = "./nat_for_one_of_two_subnets"
}

module "nat_in_private_subnet" {
  source = "./nat_in_private_subnet"
}

module "nat_instance" {
  source = "./nat_instance"
}

module "nat_instance_by_interface" {
  source = "./nat_instance_by_interface"
}

module "nat_instance_that_checks_destinations" {
  source = "./nat_instance_that_checks_destinations"
}

module "nat_per_zone" {
  source = "./nat_per_zone"
}

module "nat_private_connectivity" {
  source = "./nat_private_connectivity"
}

module "nat_single" {
  source = "./nat_single"
}

module "nat_without_internet_gateway_route" {
  source = "./nat_without_internet_gateway_route"
}

module "network_without_egress_rules" {
  source = "./network_without_egress_rules"
}

module "outside_vpc" {
  source = "./outside_vpc"
}

module "outside_vpc_to_database" {
  source = "./outside_vpc_to_database"
}

module "peering" {
  source = "./peering"
}

module "peering_in_main_table" {
  source = "./peering_in_main_table"
}

module "peering_with_route_of_one_subnet" {
  source = "./peering_with_route_of_one_subnet"
}

module "peering_with_rule_of_group" {
  source = "./peering_with_rule_of_group"
}

module "peering_without_group_rule" {
  source = "./peering_without_group_rule"
}

module "peering_without_route" {
  source = "./peering_without_route"
}

module "peering_without_route_back" {
  source = "./peering_without_route_back"
}

module "pollers_with_endpoints" {
  source = "./pollers_with_endpoints"
}

module "pollers_with_nat" {
  source = "./pollers_with_nat"
}

module "pollers_without_sts" {
  source = "./pollers_without_sts"
}

module "prefix_list_of_subnets" {
  source = "./prefix_list_of_subnets"
}

module "proxy_chain" {
  source = "./proxy_chain"
}

module "proxy_chain_without_rule_of_database" {
  source = "./proxy_chain_without_rule_of_database"
}

module "proxy_chain_without_rule_of_function" {
  source = "./proxy_chain_without_rule_of_function"
}

module "proxy_chain_without_rule_of_proxy" {
  source = "./proxy_chain_without_rule_of_proxy"
}

module "public_subnets" {
  source = "./public_subnets"
}

module "public_subnets_with_endpoint" {
  source = "./public_subnets_with_endpoint"
}

module "queue_consumer" {
  source = "./queue_consumer"
}

module "routes_inline" {
  source = "./routes_inline"
}

module "second_address_range" {
  source = "./second_address_range"
}

module "transit_gateway_to_egress_network" {
  source = "./transit_gateway_to_egress_network"
}

module "transit_gateway_to_elsewhere" {
  source = "./transit_gateway_to_elsewhere"
}

module "transit_gateway_without_attachment" {
  source = "./transit_gateway_without_attachment"
}

module "two_functions" {
  source = "./two_functions"
}

module "two_groups_of_function" {
  source = "./two_groups_of_function"
}

module "two_networks" {
  source = "./two_networks"
}

module "vpn_gateway" {
  source = "./vpn_gateway"
}
