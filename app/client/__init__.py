"""A client of Sayso's HTTP API for Python: typed, with retries and paging, blocking or asynchronous.

    with Sayso("http://127.0.0.1:8000") as sayso:
        article = sayso.add(text="...", source="The Harbor Courier")
        for quote in sayso.quotes(article=article["id"]):
            print(quote["speaker"]["name"], quote["text"])

It needs httpx and nothing else of this package but its errors.
"""

from app.client.asynchronous import AsyncSayso
from app.client.blocking import Sayso
from app.client.faults import (
    AnswerError,
    BusyProblem,
    ConflictProblem,
    KeyProblem,
    NoAnswerError,
    NotFoundProblem,
    Problem,
    RefusedProblem,
)
from app.client.retries import Retries

__all__ = [
    "AnswerError",
    "AsyncSayso",
    "BusyProblem",
    "ConflictProblem",
    "KeyProblem",
    "NoAnswerError",
    "NotFoundProblem",
    "Problem",
    "RefusedProblem",
    "Retries",
    "Sayso",
]
