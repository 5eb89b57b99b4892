"""The built template, deployed to the emulator through CloudFormation."""

import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from botocore.exceptions import ClientError, WaiterError

from local import aws, template
from local.artefacts import architecture
from local.console import Trouble
from local.localisation import API_ID, localise
from local.places import BUILD, ENVIRONMENTS, ROOT

NAME = "kabinet"
BUCKET = "kabinet-artefacts"
SENDER = "shop@kabinet.example"
LEGAL_ENTITY = {
    "LegalName": "ООО «Кабинет»",
    "LegalTaxNumber": "7701234567",
    "LegalAddress": "125009, Москва, Тверская, 1",
}
FINGERPRINT = "Fingerprint"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # zips of the same files are the same bytes
BRIDGES = ("localisation.py", "deployment.py", "expansion.py")
CODE = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
FAILED = ("CREATE_FAILED", "UPDATE_FAILED")


@dataclass(frozen=True)
class Deployment:
    """A deployed stack: where it answers, and what its resources are really called."""

    endpoint: str
    resources: dict[str, str]

    @property
    def api_url(self) -> str:
        return api_url(self.endpoint)


def api_url(endpoint: str) -> str:
    return f"{endpoint}/_aws/execute-api/{API_ID}"


def parameters(endpoint: str) -> dict[str, str]:
    return {
        "Architecture": architecture(),
        "PublicUrl": api_url(endpoint),
        # Passkeys are for names, not for 127.0.0.1: where pages in the making are served.
        "PasskeyOrigins": "http://localhost:3000,http://localhost:5173",
        "MovableClock": "true",
        "NetworkLimits": "off",
        "StaffSecondFactor": "off",
        "DeletionProtection": "off",
        "SenderAddress": SENDER,
        **LEGAL_ENTITY,
    }


def fingerprint(endpoint: str) -> str:
    """What the deployed stack depends on: equal means there is nothing to deploy."""
    found = hashlib.sha256(json.dumps(parameters(endpoint)).encode())
    found.update((BUILD / "made-from").read_bytes())
    for name in BRIDGES:
        found.update((ROOT / "local" / name).read_bytes())
    return found.hexdigest()


def deploy(endpoint: str) -> None:
    """Bring the emulator's stack up to the built template, where it is not yet."""
    cloudformation = aws.client("cloudformation", endpoint)
    deployed = standing(cloudformation)
    wanted = fingerprint(endpoint)
    if deployed == wanted:
        return
    body = localise(expand(with_code(endpoint), parameters(endpoint)))
    apply(cloudformation, body, endpoint, wanted, "update" if deployed else "create")
    remember_expiry(endpoint, body)
    empty_bucket(endpoint)


def standing(cloudformation: Any) -> str | None:
    """The fingerprint of the stack that stands, if one does."""
    try:
        stack = cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]
    except ClientError:
        return None
    if not stack["StackStatus"].endswith("COMPLETE"):
        return None
    return {tag["Key"]: tag["Value"] for tag in stack["Tags"]}.get(FINGERPRINT)


def with_code(endpoint: str) -> template.Template:
    """The built template with its folders uploaded; each goes by the hash of its content."""
    built = template.read(BUILD / "template.yaml")
    s3 = aws.client("s3", endpoint)
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": aws.REGION}
        )
    uploaded: dict[str, str] = {}
    for kind, key in CODE.items():
        for _, properties in template.resources(built, kind):
            folder = properties[key]
            if folder not in uploaded:
                uploaded[folder] = upload(s3, BUILD / folder)
            properties[key] = uploaded[folder]
    return built


def upload(s3: Any, folder: Path) -> str:
    body = zipped(folder)
    key = f"{hashlib.sha256(body).hexdigest()}.zip"
    s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    return f"s3://{BUCKET}/{key}"


def zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(filter(Path.is_file, folder.rglob("*"))):
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), LONG_AGO)
            entry.external_attr = path.stat().st_mode << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def empty_bucket(endpoint: str) -> None:
    """Throw the uploads away: Lambda holds the code by now, and they would pile up."""
    s3 = aws.client("s3", endpoint)
    for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=entry["Key"])


def expand(sam: template.Template, values: dict[str, str]) -> template.Template:
    """Plain CloudFormation, by the translator in the build tools' environment."""
    done = subprocess.run(
        [str(ENVIRONMENTS / "build/bin/python"), "-m", "local.expansion"],
        input=json.dumps({"template": sam, "parameters": values}),
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "AWS_DEFAULT_REGION": aws.REGION},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"template.yaml does not expand: {done.stderr.strip().splitlines()[-1]}")
    return cast(template.Template, json.loads(done.stdout))


def apply(
    cloudformation: Any, body: template.Template, endpoint: str, mark: str, change: str
) -> None:
    """Create or update the stack; raises Trouble with the first resource that failed."""
    known = body.get("Parameters", {})
    values = {k: v for k, v in parameters(endpoint).items() if k in known}
    aws.client("s3", endpoint).put_object(
        Bucket=BUCKET, Key="template.json", Body=json.dumps(body).encode()
    )
    act: Callable[..., Any] = getattr(cloudformation, f"{change}_stack")
    try:
        act(
            StackName=NAME,
            TemplateURL=f"{endpoint}/{BUCKET}/template.json",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in values.items()],
            Tags=[{"Key": FINGERPRINT, "Value": mark}],
        )
        waiter = cloudformation.get_waiter(f"stack_{change}_complete")
        waiter.wait(StackName=NAME, WaiterConfig={"Delay": 0.2, "MaxAttempts": 600})
    except (ClientError, WaiterError) as refused:
        raise Trouble(
            f"the stack could not be deployed: {complaint(cloudformation, refused)}"
        ) from refused


def complaint(cloudformation: Any, refused: Exception) -> str:
    """The reason of the resource that failed first, or else what the call itself said."""
    try:
        events = cloudformation.describe_stack_events(StackName=NAME)["StackEvents"]
    except ClientError:
        return str(refused)
    failures = [e for e in events if e["ResourceStatus"] in FAILED and "ResourceStatusReason" in e]
    if not failures:
        return str(refused)
    first = failures[-1]
    return f"{first['LogicalResourceId']}: {first['ResourceStatusReason']}"


def find(endpoint: str) -> Deployment:
    """The stack that stands at *endpoint*."""
    pages = aws.client("cloudformation", endpoint).get_paginator("list_stack_resources")
    return Deployment(
        endpoint,
        {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for page in pages.paginate(StackName=NAME)
            for resource in page["StackResourceSummaries"]
        },
    )


def secret(endpoint: str, name: str) -> dict[str, Any]:
    """What the secret *name* of the template holds."""
    kept = find(endpoint).resources[name]
    found = aws.client("secretsmanager", endpoint).get_secret_value(SecretId=kept)
    return dict(json.loads(found["SecretString"]))


def remember_expiry(endpoint: str, body: template.Template) -> None:
    """Set each table's time to live, which the emulator's CloudFormation leaves out."""
    dynamodb = aws.client("dynamodb", endpoint)
    physical = find(endpoint).resources
    for name, properties in template.tables(body):
        wanted = properties.get("TimeToLiveSpecification")
        if wanted and name in physical and not expires(dynamodb, physical[name]):
            dynamodb.update_time_to_live(TableName=physical[name], TimeToLiveSpecification=wanted)


def expires(dynamodb: Any, table: str) -> bool:
    found = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    return bool(found["TimeToLiveStatus"] == "ENABLED")


def admit(endpoint: str) -> None:
    """Let the shop's address send: SES wants to know it."""
    aws.client("sesv2", endpoint).create_email_identity(EmailIdentity=SENDER)


def invoke(endpoint: str, function: str, payload: object) -> dict[str, Any]:
    """What the function with this logical id answers; raises Trouble with its error."""
    answer = aws.client("lambda", endpoint).invoke(
        FunctionName=find(endpoint).resources[function], Payload=json.dumps(payload).encode()
    )
    found: dict[str, Any] = json.load(answer["Payload"]) or {}
    if "FunctionError" in answer:
        raise Trouble(f"{function} failed: {found.get('errorMessage', found)}")
    return found
