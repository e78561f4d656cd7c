"""`kandian token`: made, listed, revoked."""

import json
from pathlib import Path

from tests.conftest import Command


def test_a_token_is_printed_once_and_can_be_listed_and_revoked(kandian_command: Command, tmp_path: Path) -> None:
    issued = kandian_command("token", "add", "编辑甲", "--scope", "read", "--scope", "edit", "--out", tmp_path)
    assert issued.out.startswith("kandian_")
    listed = kandian_command("token", "list", "--json", "--out", tmp_path)
    (token,) = json.loads(listed.out)
    assert (token["name"], token["scopes"]) == ("编辑甲", ["read", "edit"])
    assert issued.out.strip() not in listed.out
    assert "revoked" in kandian_command("token", "revoke", token["id"], "--out", tmp_path).out
    assert "revoked" in kandian_command("token", "list", "--out", tmp_path).out
    assert kandian_command("token", "revoke", "nobody", "--out", tmp_path).code == 2


def test_a_token_for_longer_than_ten_years_is_refused(kandian_command: Command, tmp_path: Path) -> None:
    answer = kandian_command("token", "add", "编辑乙", "--scope", "read", "--days", "999999999", "--out", tmp_path)
    assert (answer.code, "--days" in answer.err, answer.out) == (2, True, "")
