"""Where the local stack keeps what it makes; one `Home` per stack, all of it under one folder."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / ".aws-sam/build"
ENVIRONMENTS = ROOT / ".local/env"


@dataclass(frozen=True)
class Home:
    """The folder of one stack: its emulator's state, log and ports, and `stack.json`."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def scratch(self) -> Path:
        """What the emulator unpacks; worth nothing once it has stopped."""
        return self.folder / "scratch"

    @property
    def log(self) -> Path:
        return self.folder / "emulator.log"

    @property
    def stack(self) -> Path:
        return self.folder / "stack.json"

    @property
    def lock(self) -> Path:
        """Held by the process that runs the stack, for as long as it does."""
        return self.folder / "run.lock"

    @property
    def ports(self) -> Path:
        """The ports of the last run: the same again keep every URL valid."""
        return self.folder / "ports.json"


CLONE = Home(ROOT / ".local")
