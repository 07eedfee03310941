"""What took a while to learn, kept for all sessions: ``st.cache_resource`` cannot tell how far it is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Learnt(Generic[Answer]):
    """Answers by their question: the latest ``most``, never changed once they are kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, Answer] = OrderedDict()

    def get(self, question: Hashable) -> Answer | None:
        """The answer, where there is one."""
        with self._lock:
            found = self._found.get(question)
            if found is not None:
                self._found.move_to_end(question)
            return found

    def keep(self, question: Hashable, answer: Answer) -> Answer:
        """Keep an answer, and forget the one that was asked for the longest ago."""
        with self._lock:
            self._found[question] = answer
            self._found.move_to_end(question)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return answer
