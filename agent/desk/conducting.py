"""What a sitting of a script owes the candidate: the consent on record at once, and a refusal forgotten."""

from agent.desk.screenings import Desk, screening_of
from agent.sessions import Session
from agent.settings import Settings
from graphs.models import View


class ConsentKeeper:
    """For one session; does nothing where it follows no script."""

    def __init__(self, settings: Settings, session: Session) -> None:
        self._screening = screening_of(session)
        self._desk = Desk(settings)

    def viewed(self, view: View) -> None:
        """A yes is on the disk before the first question is answered."""
        if self._screening is not None and view.consent == "given":
            self._screening = self._desk.note_consent(self._screening, view)

    def ended(self, view: View) -> bool:
        """Call it when nobody holds the session any more. False where it was refused and nothing is left of it."""
        if self._screening is not None and view.consent == "refused":
            self._desk.forget_refused(self._screening)
            return False
        return True
