"""Run inside a deployment: a person, a key, a small model as champion, and a run for the worker."""

import json
import sys
from pathlib import Path

import django

PASSWORD = "a password of this test"


def main() -> None:
    django.setup()
    from django.utils import timezone

    from apps.accounts.models import User
    from apps.accounts.services.keys import issue_key
    from apps.registry.models import Alias
    from apps.registry.services.datasets import import_snapshot
    from apps.registry.services.runs import queue_run
    from apps.registry.services.versions import register_version
    from apps.registry.store import artifact_store
    from tests.apps.serving.tiny_artifact import write_classifier

    now = timezone.now()
    owner = User.objects.create_superuser("owner", password=PASSWORD)
    key = issue_key(name="test", families=["*"], rate_per_minute=1000, created_by=owner)
    artifact = write_classifier(Path(sys.argv[1]) / "counting", labels=["card", "lost", "refund"])
    artifact_store().put(artifact.path)
    version = register_version(family="support-intent", artifact=artifact, at=now)
    # The gate is not what a deployment is tested for, and three labels would not pass it.
    Alias.objects.create(family="support-intent", name="champion", version=version, changed_at=now)
    dataset = import_snapshot(family="sentiment-polarity", at=now, actor=owner)
    run = queue_run(dataset=dataset, changes={"backbone": "/no/such/folder"}, actor=owner, at=now)
    sys.stdout.write(json.dumps({"key": key.raw, "run": run.pk}))


if __name__ == "__main__":
    main()
