"""Gaps of MiniStack that only its own process can close. An interpreter loads this file by its name."""

import importlib.abc
import importlib.machinery
import sys


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


def _refer_to_secrets_by_arn(module):
    """A Ref to a secret is its name here and its ARN on AWS, where policies name it. No stack is updated here."""
    handlers = module._RESOURCE_HANDLERS["AWS::SecretsManager::Secret"]
    create = handlers["create"]

    def create_secret(logical_id, props, stack_name):
        _, attributes = create(logical_id, props, stack_name)
        return attributes["Arn"], attributes

    handlers["create"] = create_secret


_PATCHES = {
    "ministack.core.iam_actions": _know_conditional_writes,
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
