"""Photos and recordings in a bucket instead of files: the settings an operator writes, against an S3 server over a real socket."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from deploy.local.saying import ROOT
from tests.processes import environment

pytestmark = [pytest.mark.workers, pytest.mark.django_db(transaction=True)]
KEYS = {"MEDIA_BUCKET_KEY": "a-key", "MEDIA_BUCKET_SECRET": "a-secret", "MEDIA_BUCKET_REGION": "us-east-1"}

IN_A_PROCESS_OF_ITS_OWN = """
import json, sys
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
import django
django.setup()
from reporting.media import showing
from reporting.media.models import Medium
medium, twin = Medium(), Medium()
medium.sound.save("one.mp4", ContentFile(b"sound"), save=False)
twin.sound.save("one.mp4", ContentFile(b"other"), save=False)
shown = showing.sound(medium)
print(json.dumps([medium.sound.name, twin.sound.name, shown.content.decode(), type(default_storage._wrapped).__name__]))
"""


@pytest.fixture
def s3() -> Iterator[str]:
    """Its address; a bucket `photos` is there."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    client(address).create_bucket(Bucket="photos")
    yield address
    server.stop()


def client(address: str) -> "boto3.client":
    """Whoever looks into the bucket from outside."""
    key, secret, region = KEYS.values()
    return boto3.client(
        "s3", endpoint_url=address, region_name=region, aws_access_key_id=key, aws_secret_access_key=secret
    )


def test_what_is_kept_lies_in_the_bucket_and_comes_back(s3: str, tmp_path: Path) -> None:
    env = environment("redis://127.0.0.1:1/0", tmp_path, MEDIA_BUCKET="photos", MEDIA_BUCKET_ENDPOINT=s3, **KEYS)
    env["DJANGO_SETTINGS_MODULE"] = "deploy.settings"
    done = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    name, twin, content, kind = json.loads(done.stdout)
    assert (name, content, kind) == ("sounds/one.mp4", "sound", "S3Storage")
    assert twin != name, "another's file was written over"
    kept = client(s3).list_objects_v2(Bucket="photos")["Contents"]
    assert {item["Key"]: item["Size"] for item in kept} == {name: 5, twin: 5}
    assert not list(tmp_path.rglob("*.mp4"))
    assert "MEDIA_BUCKET" not in os.environ
