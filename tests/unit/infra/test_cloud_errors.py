"""What openstacksdk and keystoneauth raise, as it was seen of real services, becomes one error of ours each."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

import keystoneauth1.exceptions as keystone
import openstack.exceptions as sdk
import pytest
import requests

from infra.errors import CloudError, InfraError, Refused
from infra.reach import cloud
from infra.reach.cloud import opened, translated

REQUEST = "req-0f3a5a3e-6b0c-4c1e-9a55-1d2d4c8c3b11"


def answer(status: int, details: str, message: str = "x") -> sdk.HttpException:
    """As the SDK makes it of an answer."""
    response = requests.Response()
    response.status_code, response.url = status, "http://cloud/v2/servers"
    response.headers.update({"content-type": "application/json", "x-openstack-request-id": REQUEST})
    response._content = json.dumps({"error": {"message": details}}).encode()
    with pytest.raises(sdk.HttpException) as raised:
        sdk.raise_from_response(response, message)
    return raised.value


def told(foreign: Exception, *hidden: str) -> CloudError:
    with pytest.raises(CloudError) as raised, translated("awan", "Server web", hidden):
        raise foreign
    assert raised.value.__suppress_context__
    return raised.value


AWAY = "Unable to establish connection to http://127.0.0.1:1/v3: [Errno 111] Connection refused"
SEEN: dict[str, tuple[Exception, str, int]] = {
    "wrong password, authorize": (
        sdk.SDKException(f"The request you have made requires authentication. (HTTP 401) (Request-ID: {REQUEST})"),
        "login",
        3,
    ),
    "wrong password, first call": (keystone.Unauthorized("requires authentication"), "login", 3),
    "bad token": (sdk.SDKException("Could not recognize Fernet token (HTTP 404)"), "login", 3),
    "unknown cloud": (sdk.ConfigException("Cloud nocloud was not found."), "unknown", 3),
    "unknown region": (sdk.ServiceDisabledException("Service 'compute' is disabled because …"), "lacks", 3),
    "not in the catalogue": (keystone.EndpointNotFound("no endpoint"), "lacks", 3),
    "Keystone down, authorize": (sdk.SDKException(AWAY), "away", 4),
    "Nova down": (keystone.ConnectFailure(AWAY), "away", 4),
    "no answer in time": (keystone.ConnectTimeout("Request timed out"), "away", 4),
    "Glance down": (sdk.NotSupported("The image service for demo:RegionOne exists but does not have any supported"), "away", 4),
    "Neutron down behind Nova": (answer(500, "Unexpected API Error.\n<class 'keystoneauth1…ConnectFailure'>"), "away", 4),
    "before a service": (answer(503, "Service Unavailable"), "away", 4),
    "a fault of theirs": (answer(500, "Unexpected API Error."), "failed", 5),
    "quota, Neutron": (answer(409, "Quota exceeded for resources: ['network']."), "quota", 3),
    "quota, Nova": (answer(403, "Quota exceeded for instances: Requested 1, but already used 1 of 1 instances"), "quota", 3),
    "quota, cores": (answer(403, "Quota exceeded for cores: Requested 16, but already used 0 of 4 cores"), "quota", 3),
    "quota, keys": (answer(403, "Quota exceeded, too many key pairs."), "quota", 3),
    "quota, Cinder": (answer(413, "VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded for quota"), "quota", 3),
    "quota, size": (answer(413, "VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds"), "quota", 3),
    "no host": (sdk.SDKException("Error in creating the server. Compute service reports fault: No valid host was"), "no_room", 4),
    "no address left": (answer(409, "No more IP addresses available on network 1."), "no_room", 4),
    "broken while waited for": (sdk.ResourceFailure("Server:1 transitioned to failure state ERROR"), "failed", 5),
    "wait too short": (sdk.ResourceTimeout("Timeout waiting for Server:1 to transition to SHUTOFF"), "timeout", 5),
    "missing": (answer(404, "Instance 1 could not be found."), "missing", 4),
    "not found by name": (sdk.NotFoundException("No Server found for nope"), "missing", 4),
    "two of one name": (sdk.DuplicateResource("More than one SecurityGroup exists with the name 'd1'."), "twice", 3),
    "the same rule": (answer(409, "Security group rule already exists. Rule id is 1."), "in_use", 4),
    "the same key": (answer(409, "Key pair 'kd' already exists."), "in_use", 4),
    "ports on the network": (answer(409, "There are one or more ports still in use on the network"), "in_use", 4),
    "already started": (answer(409, "Cannot 'start' instance 1 while it is in vm_state active"), "in_use", 4),
    "bad prefix": (answer(400, "10.1.0.0/99 is not in a CIDR format."), "field", 3),
    "bad port": (answer(400, "Invalid value for port 70000"), "field", 3),
    "bad key": (answer(400, "Keypair data is invalid: failed to generate fingerprint"), "field", 3),
    "no flavor": (answer(400, "Flavor nope could not be found."), "field", 3),
    "policy": (answer(403, "Policy doesn't allow os_compute_api:os-flavor-manage:create to be performed."), "forbidden", 3),
    "disallowed": (answer(403, "(rule:create_network) is disallowed by policy"), "forbidden", 3),
    "reset": (ConnectionResetError(104, "Connection reset by peer"), "away", 4),
    "requests": (requests.exceptions.ConnectionError("Connection aborted."), "away", 4),
    "requests, TLS": (requests.exceptions.SSLError("certificate verify failed"), "away", 4),
}


@pytest.mark.parametrize("case", SEEN)
def test_what_was_seen_of_real_services_is_understood(case: str) -> None:
    foreign, code, status = SEEN[case]
    error = told(foreign)
    assert (error.code, error.exit_code) == (f"infra.cloud_{code}", status)
    assert (error.fields["cloud"], error.fields["what"]) == ("awan", "Server web")


def test_the_request_s_number_is_kept_wherever_it_stands() -> None:
    assert told(answer(409, "Security Group 1 in use.")).fields["request"] == REQUEST
    assert told(SEEN["wrong password, authorize"][0]).fields["request"] == REQUEST
    assert told(keystone.Unauthorized("no", request_id=REQUEST)).fields["request"] == REQUEST
    assert told(keystone.ConnectFailure(AWAY)).fields["request"] == "–"


def test_the_service_s_own_reason_is_one_short_line_without_a_secret() -> None:
    error = told(answer(400, "bad\x1b[2J value\nof s3cret-word " + "x" * 1000), "s3cret-word")
    reason = str(error.fields["reason"])
    assert len(reason) <= 301
    assert reason.startswith("bad\\x1b[2J value of … x")
    assert "s3cret" not in str(error)


def test_what_is_ours_passes_as_it_is_and_a_bug_is_no_fault_of_a_cloud() -> None:
    with pytest.raises(Refused), translated("awan", "x"):
        raise Refused("infra.interrupted")
    with pytest.raises(KeyError), translated("awan", "x"):
        raise KeyError("x")


CLOUDS = """
clouds:
  lab:
    region_name: RegionOne
    auth: {auth_url: "http://127.0.0.1:9/v3", username: u, password: hush-hush, project_name: p}
"""


def refused(access: dict[str, Any]) -> InfraError:
    with pytest.raises(InfraError) as raised, opened(access, "Network dalam"):
        pytest.fail("it opened")
    return raised.value


@pytest.mark.filterwarnings("ignore:Support for InfluxDB")
def test_a_cloud_that_is_not_in_the_document_or_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OS_PASSWORD", "of-the-environment")
    file = tmp_path / "clouds.yaml"
    assert refused({"clouds": str(file), "cloud": "lab"}).code == "infra.cloud_unknown"
    file.write_text(CLOUDS)
    for clouds in (CLOUDS, str(file)):
        assert refused({"clouds": clouds, "cloud": "other"}).code == "infra.cloud_unknown"
        away = refused({"clouds": clouds, "cloud": "lab", "key": "awan"})
        assert (away.code, away.fields["cloud"], away.fields["reason"]) == (
            "infra.cloud_away",
            "awan",
            "127.0.0.1:9: Connection refused",
        )
        assert "hush" not in str(away)


@pytest.mark.parametrize(
    ("clouds", "reason"),
    [
        (CLOUDS, "env:CLOUDS: other; clouds: lab"),
        ("clouds: [\n", "env:CLOUDS: other; clouds: –"),
        ("\n", "env:CLOUDS: other; clouds: –"),
    ],
)
@pytest.mark.filterwarnings("ignore:Support for InfluxDB")
def test_where_it_is_written_how_a_cloud_is_entered_is_named(clouds: str, reason: str) -> None:
    error = refused({"clouds": clouds, "cloud": "other", "key": "awan", "place": "env:CLOUDS"})
    assert (error.code, error.fields["reason"]) == ("infra.cloud_unknown", reason)
    with pytest.raises(CloudError) as raised, translated("awan", "Server web", (), "env:CLOUDS"):
        raise keystone.Unauthorized("no")
    assert raised.value.code == "infra.cloud_login"
    assert str(raised.value.fields["reason"]).startswith("env:CLOUDS: no")


@pytest.mark.filterwarnings("ignore:Support for InfluxDB")
def test_a_cloud_that_takes_no_connection_is_waited_for_once_and_not_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud, "_KNOCK", 0.2)
    with closing(socket.socket()) as deaf, closing(socket.socket()) as first:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        first.connect(deaf.getsockname())  # the next one is neither taken nor refused
        clouds = CLOUDS.replace("127.0.0.1:9", f"127.0.0.1:{deaf.getsockname()[1]}")
        error = refused({"clouds": clouds, "cloud": "lab", "key": "awan"})
    assert (error.code, str(error.fields["reason"]).endswith(": 0 s")) == ("infra.cloud_away", True)
