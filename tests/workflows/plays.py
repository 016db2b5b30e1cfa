"""Everything that is played: incidents and their files, and service requests."""

from tests.workflows.scenarios import SCENARIOS, Scenario
from tests.workflows.service_scenarios import SERVICE_SCENARIOS

PLAYS: tuple[Scenario, ...] = (*SCENARIOS, *SERVICE_SCENARIOS)
