"""Every policy as a check of the stock Checkov: `checkov --external-checks-dir policies/external …`.

    checkov --framework terraform_plan -f plan.json --external-checks-dir policies/external
    checkov --framework terraform_json -d cdktf.out/stacks/dev-orders --external-checks-dir policies/external

Checkov loads only the file beside this one. `lambdanet check` needs none of it, and tells unknown verdicts too, which
Checkov leaves out.
"""
