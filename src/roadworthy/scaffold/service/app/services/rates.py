"""Exchange rates, asked of another service: an example of an outgoing call."""

import httpx
from pydantic import ValidationError

from app.core.errors import NotFoundError, UpstreamError, UpstreamTimeoutError
from app.schemas.rate import Rate, RateAnswer


class RateService:
    """Asks the service at `RATES_URL` what a euro is worth."""

    def __init__(self, client: httpx.AsyncClient, url: str) -> None:
        self.client = client
        self.url = url

    async def euro_in(self, currency: str) -> Rate:
        """Return today's rate; raise `NotFoundError` or one of the upstream errors."""
        try:
            response = await self.client.get(
                f"{self.url}/latest", params={"base": "EUR", "symbols": currency}
            )
            response.raise_for_status()
            answer = RateAnswer.model_validate_json(response.content)
        except httpx.TimeoutException as error:
            raise UpstreamTimeoutError from error
        except httpx.HTTPStatusError as error:
            if error.response.status_code == httpx.codes.NOT_FOUND:
                raise NotFoundError("currency") from error
            raise UpstreamError from error
        except (httpx.HTTPError, ValidationError) as error:
            raise UpstreamError from error
        if currency not in answer.rates:
            raise NotFoundError("currency")
        return Rate(currency=currency, date=answer.date, rate=answer.rates[currency])
