"""seal.yaml: what it may say, and a sentence with file and line for what it may not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exports.issuing import sealing
from exports.seal import keys, settings
from exports.seal.settings import SealSettings
from questionnaires import load
from questionnaires.problems import InvalidFileError
from tests import authority
from tests import report_samples as samples


def written(home: Path, text: str) -> SealSettings:
    (home / "tsa.pem").write_bytes(authority.root().pem)
    (home / "root.crl").write_bytes(authority.revocation_list())
    (home / settings.FILE).write_text(text, "utf-8")
    return settings.read(home)


def test_without_a_file_nothing_is_asked_for(tmp_path: Path) -> None:
    assert settings.read(tmp_path) == SealSettings()


def test_everything_that_it_may_say_is_read(tmp_path: Path) -> None:
    found = written(
        tmp_path,
        "timestamp:\n  url: https://tsa.example.org/stamp\n  certificates: [tsa.pem]\n  seconds: 3\n  without: allow\n"
        "revocation: [root.crl]\n",
    )
    server = found.time_stamps
    assert server is not None
    assert (server.url, server.seconds, server.may_go_without) == ("https://tsa.example.org/stamp", 3, True)
    assert server.certificates == (authority.root().certificate,)
    assert found.revocation is not None
    assert len(found.revocation.crls) == 1
    assert sealing.known_stampers(tmp_path) == [authority.root().pem]


def test_a_missing_stamp_refuses_the_seal_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    server = written(tmp_path, "timestamp: {url: 'http://tsa.example.org/'}\n").time_stamps
    assert server is not None
    assert not server.may_go_without


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("timestamp: {}\n", "timestamp: the key 'url' is missing"),
        ("timestamp: {url: 'file:///etc/passwd'}\n", "timestamp.url"),
        ("timestamp:\n  url: https://x.example/\n  seconds: 0\n", "seal.yaml, line 3: timestamp.seconds"),
        ("timestamp:\n  url: https://x.example/\n  without: perhaps\n", "line 3: timestamp.without"),
        ("timestamp:\n  url: https://x.example/\n  user: me\n", "line 3: timestamp.user"),
        ("timestamp:\n  url: https://x.example/\n  certificates:\n    - tsa.pem\n    - no.pem\n", "line 5: no.pem"),
        ("revocation: [root.crl]\n", "needs a timestamp with certificates"),
        (
            "timestamp: {url: 'https://x.example/', certificates: [tsa.pem]}\nrevocation:\n  - tsa.pem\n",
            "line 3: tsa.pem cannot be used: there is no revocation list",
        ),
        ("[]\n", "seal.yaml"),
        ("timestamp: [\n", "seal.yaml"),
    ],
)
def test_what_it_may_not_say_is_told_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match=r"seal\.yaml") as told:
        written(tmp_path, text)
    assert said in str(told.value)


@pytest.mark.slow
def test_an_installation_seals_as_its_file_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(keys.PASSPHRASE_VARIABLE, raising=False)
    monkeypatch.setattr(load, "FOLDER", samples.known_folder(tmp_path / "questionnaires"))
    keys.load_or_create(tmp_path, samples.AT)
    named = sealing.prepare(samples.sealed_record(), tmp_path, samples.SEALED_AT)
    pages = samples.printed_briefly(named, ("en",))
    with authority.stamping() as server:
        written(tmp_path, f"timestamp: {{url: '{server.url}', certificates: [tsa.pem]}}\n")
        made = sealing.seal(pages, named, tmp_path, samples.SEALED_AT)
    assert made.level == "B-T"
    assert made.certificate == keys.load_or_create(tmp_path).fingerprint
    assert sealing.remark(made) is None
    with authority.stamping(fault="busy") as server:
        written(tmp_path, f"timestamp: {{url: '{server.url}', without: allow}}\n")
        made = sealing.seal(pages, named, tmp_path, samples.SEALED_AT)
    remark = sealing.remark(made)
    assert made.level == "B-B"
    assert remark is not None
    assert "without a time stamp" in remark.en and "타임스탬프 없이" in remark.ko


def test_the_example_in_the_readme_is_one(tmp_path: Path) -> None:
    readme = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(timestamp:.*?)```", readme, re.DOTALL)
    (tmp_path / "issuer.crl").write_bytes(authority.revocation_list())
    (tmp_path / "tsa.crl").write_bytes(authority.revocation_list())
    found = written(tmp_path, example)
    assert found.time_stamps is not None and found.revocation is not None
