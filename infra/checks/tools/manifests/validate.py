"""Reads manifests as YAML and judges those of Kubernetes itself by its own schemas.

    python validate.py VERSION manifests.yaml

Answers with JSON: {"validated": [names], "errors": [texts]}. Custom resources are passed over: validate.mjs beside
this judges them.
"""

import json
import sys

import kubernetes_validate
import yaml


def main() -> None:
    version, path = sys.argv[1:]
    answer = {"validated": [], "errors": []}
    with open(path, encoding="utf-8") as file:
        objects = [found for found in yaml.safe_load_all(file) if found is not None]
    for found in objects:
        name = f"{found['apiVersion']} {found['kind']} {found['metadata']['name']}"
        try:
            kubernetes_validate.validate(found, version, strict=True)
            answer["validated"].append(name)
        except kubernetes_validate.SchemaNotFoundError:
            pass
        except kubernetes_validate.ValidationError as error:
            where = ".".join(str(part) for part in error.path)
            answer["errors"].append(f"{name}: {where}: {error.message}")
    json.dump(answer, sys.stdout)


main()
