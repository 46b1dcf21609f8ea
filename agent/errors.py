"""Errors that a user can mend, shown as one message at the command line and never as a traceback.

    SoundcheckError
    ├── SettingsError       a setting is wrong: names the setting and the fix
    ├── ModelsError         a model file is missing, damaged or its source cannot be reached
    ├── ServerError         the embedded model server does not start or answer
    ├── AudioError          no microphone or loudspeaker, or one that cannot be opened
    ├── LiveKitError        a LiveKit server cannot be reached, refuses the key, or is asked for something wrong
    └── SessionError        a session is missing, locked or damaged, or the disk is full
        └── SessionOpenError    another window or worker has it

`knowledge.errors.KnowledgeError`, `graphs.errors.GraphError` and `rubrics.errors.GradingError` are the roots of
the other packages; the command line treats all four alike.
"""


class SoundcheckError(Exception):
    """Something the user can mend; the message says how."""


class SettingsError(SoundcheckError):
    """A setting is wrong."""


class ModelsError(SoundcheckError):
    """A model file is missing, damaged, or cannot be fetched."""


class ServerError(SoundcheckError):
    """The embedded model server does not start or answer."""


class AudioError(SoundcheckError):
    """No usable microphone or loudspeaker."""


class LiveKitError(SoundcheckError):
    """A LiveKit server cannot be reached, refuses the key, or an interview in one of its rooms is ordered wrongly."""


class SessionError(SoundcheckError):
    """A session is missing, locked or damaged, or cannot be written."""


class SessionOpenError(SessionError):
    """Another window or worker has the session."""
