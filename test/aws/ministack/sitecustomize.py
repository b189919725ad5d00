"""Gaps of MiniStack that only its own process can close. An interpreter loads this file by its name."""

import base64
import hashlib
import hmac
import importlib.abc
import importlib.machinery
import json
import sys


def _know_encryption_contexts(module):
    """IAM lacks the condition keys kms:EncryptionContext:<name> and kms:EncryptionContextKeys."""
    original = module.request_tag_context

    def request_tag_context(service, iam_action, body, params):
        context = dict(original(service, iam_action, body, params))
        if service == "kms":
            said = json.loads(body or b"{}").get("EncryptionContext") or {}
            for name, value in said.items():
                context[f"kms:EncryptionContext:{name}"] = value
            if said:
                context["kms:EncryptionContextKeys"] = list(said)
        return context

    module.request_tag_context = request_tag_context


def _refuse_changed_ciphertexts(module):
    """KMS decrypts whatever it is given, also what was changed or is another key's. AWS authenticates it."""
    generate, decrypt = module._generate_data_key_common, module._decrypt

    def seal_of(record, blob):
        return hmac.new(record["_symmetric_key"], blob, hashlib.sha256).digest()

    def generate_data_key_common(data):
        record, data_key, result = generate(data)
        return (record, data_key, result if record is None else result + seal_of(record, result))

    def checked_decrypt(data):
        record = module._resolve_key(data.get("KeyId", ""))
        if not record or "_symmetric_key" not in record:
            return decrypt(data)
        sealed = base64.b64decode(data.get("CiphertextBlob", ""))
        blob, seal = sealed[:-32], sealed[-32:]
        if not hmac.compare_digest(seal, seal_of(record, blob)):
            return module.error_response_json("InvalidCiphertextException", "", 400)
        return decrypt({**data, "CiphertextBlob": base64.b64encode(blob).decode()})

    module._generate_data_key_common = generate_data_key_common
    module._decrypt = checked_decrypt


def _know_conditional_writes(module):
    """IAM lacks the condition keys s3:if-none-match and s3:if-match, by which a bucket's policy demands them."""
    original = module.s3_service_context

    def s3_service_context(iam_action, query_params, path="", headers=None):
        context = dict(original(iam_action, query_params, path, headers))
        if iam_action == "s3:PutObject":
            for name in ("if-none-match", "if-match"):
                if (headers or {}).get(name):
                    context[f"s3:{name}"] = headers[name]
        return context

    module.s3_service_context = s3_service_context


def _complete_iam(module):
    _know_conditional_writes(module)
    _know_encryption_contexts(module)


def _refer_to_secrets_by_arn(module):
    """A Ref to a secret is its name here and its ARN on AWS, where policies name it. No stack is updated here."""
    handlers = module._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create = handlers["create"]

    def create_secret(logical_id, props, stack_name):
        _, attributes = create(logical_id, props, stack_name)
        return attributes["Arn"], attributes

    handlers["create"] = create_secret


_PATCHES = {
    "ministack.core.iam_actions": _complete_iam,
    "ministack.services.kms": _refuse_changed_ciphertexts,
    "ministack.services.cloudformation.provisioners": _refer_to_secrets_by_arn,
}


class _PatchingFinder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        patch = _PATCHES.get(fullname)
        if patch is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            raise ImportError(f"{fullname} is not where its patch expects it")
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            patch(module)

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, _PatchingFinder())
