"""Fixtures of the gateways' tests."""

import pytest
from pytest_django import Settings

from tests.texting import SECRET, Gateway
from tests.valley import Valley


@pytest.fixture(autouse=True)
def gateway(settings: Settings, valley: Valley) -> Gateway:
    """The one gateway this server knows."""
    settings.SMS_GATEWAYS = {"batken-1": SECRET}
    return Gateway()
