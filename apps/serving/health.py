from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable

from apps.serving.errors import ServingError
from apps.serving.loading import live_models


class ModelsLoaded(HealthCheck):  # type: ignore[misc]  # django-health-check has no types
    """Every family that has a champion answers with one."""

    def run(self) -> None:
        try:
            models = live_models()
            if models.is_ready():
                return
            waiting = [state for state in models.states() if state.live is None]
        except ServingError as error:
            raise ServiceUnavailable(error.sentence) from error
        named = "; ".join(
            f"{state.family} version {state.wanted}: {state.failure or 'loading'}" for state in waiting
        )
        raise ServiceUnavailable(f"Not every champion answers yet. {named}")
