"""The OpenAPI document: what the server keeps, and what the TypeScript types are made from."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from fixtures.api_site import NAME, ApiSite
from web.api_types import generated_files, typescript_type
from web.app import openapi_document

ROOT = Path(__file__).parents[3]
FEW = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_the_committed_document_and_types_are_what_the_code_says() -> None:
    assert {file: (ROOT / file).read_text(encoding="utf-8") for file in generated_files()} == generated_files(), (
        "run: make schema"
    )


def test_every_error_is_documented_as_a_problem() -> None:
    for operations in openapi_document()["paths"].values():
        for operation in operations.values():
            assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]


def test_typescript_groups_what_is_repeated() -> None:
    assert typescript_type({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}) == (
        "readonly (string | null)[]"
    )


@pytest.mark.slow
@pytest.mark.media
def test_the_server_keeps_what_its_document_promises(site: ApiSite) -> None:
    """schemathesis calls every route with what fits the document and with what does not."""
    import schemathesis.checks
    from schemathesis import Case
    from schemathesis.core.result import Ok

    headers = {"Authorization": f"Bearer {site.tokens['admin']}", "Host": "127.0.0.1"}
    schema = schemathesis.openapi.from_asgi("/openapi.json", site.app, headers={"Host": "127.0.0.1"})
    unsaid: Any = schemathesis.checks.CHECKS.get_by_names(["positive_data_acceptance"])
    called = set()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @FEW
        @given(case=operation.as_strategy())
        def call(case: Case[Any]) -> None:
            if "session_id" in case.path_parameters:
                case.path_parameters["session_id"] = NAME
            left_out = unsaid if case.path.endswith("/edits") else []  # which highlights there are, no document says
            case.call_and_validate(headers=headers, excluded_checks=left_out)

        call()
        called.add(operation.label)
    assert len(called) == sum(len(operations) for operations in openapi_document()["paths"].values())
