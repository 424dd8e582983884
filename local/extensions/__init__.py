"""What moto 5.2.5 lacks of the actions and attributes that our modules use, one module per service.

An extension stores and returns what AWS would; it never lets a wrong configuration pass. Importing this package
imports moto, so only the emulator's own process does.
"""

from __future__ import annotations

from local.extensions import (
    cloudwatch,
    ec2_block_public_access,
    ec2_dhcp_options,
    ec2_endpoint_services,
    ec2_flow_logs,
    ec2_instances,
    ec2_interfaces,
    ec2_ipam,
    ec2_ipv6,
    ec2_security_groups,
    ec2_transit_gateways,
    ec2_vpn_gateways,
    efs,
    elasticache_subnet_groups,
    elbv2,
    iam,
    kms,
    lambda_code_signing,
    lambda_event_invoke,
    lambda_fields,
    lambda_layers,
    lambda_network,
    lambda_permissions,
    lambda_settings,
    logs,
    ram,
    rds,
    rds_proxy,
    s3,
    servicequotas,
    signer,
    sqs,
)


def install() -> None:
    """Extend moto in this process; once."""
    for extension in (
        cloudwatch,
        ec2_block_public_access,
        ec2_dhcp_options,
        ec2_endpoint_services,
        ec2_flow_logs,
        ec2_instances,
        ec2_interfaces,
        ec2_ipam,
        ec2_ipv6,
        ec2_security_groups,
        ec2_transit_gateways,
        ec2_vpn_gateways,
        efs,
        elasticache_subnet_groups,
        elbv2,
        iam,
        kms,
        lambda_code_signing,
        lambda_event_invoke,
        lambda_fields,
        lambda_layers,
        lambda_network,
        lambda_permissions,
        lambda_settings,
        logs,
        ram,
        rds,
        rds_proxy,
        s3,
        servicequotas,
        signer,
        sqs,
    ):
        extension.install()
