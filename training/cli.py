"""`fit`, `validate` and `test`: LightningCLI, which tells what is wrong before it starts anything."""

import errno
import os
import signal
import sys
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from pytorch_lightning.cli import LightningCLI
from pytorch_lightning.utilities.exceptions import SIGTERMException

from charter.errors import CharterError, RequestError
from training.checkpoint import check_goes_on, load_start
from training.config_errors import ConfigParser
from training.precision import workable
from training.task import Task

_KEYWORDS = ("best", "last", "hpc")  # for --ckpt_path, besides a file
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class TrainingCLI(LightningCLI):
    """Reads checkpoints and corpus before a logger counts a run or other processes start."""

    def before_instantiate_classes(self) -> None:
        """Train in 32 bits where the machine cannot do with fewer."""
        trainer = self.config[self.subcommand].trainer
        precision = workable(str(trainer.precision), str(trainer.accelerator))
        if trainer.precision is not None and precision != str(trainer.precision):
            print(f"this CPU has no bfloat16: training in 32 bits, not {trainer.precision}", file=sys.stderr)  # noqa: T201
            trainer.precision = precision

    def before_fit(self) -> None:
        """Look at everything that a fit needs."""
        self._look("fit")

    def before_validate(self) -> None:
        """As `before_fit`."""
        self._look("validate")

    def before_test(self) -> None:
        """As `before_fit`."""
        self._look("test")

    def _look(self, stage: str) -> None:
        task: Any = self.model
        if not isinstance(task, Task):
            raise RequestError(f"--model: {type(task).__name__} is none of charter's; those in training/configs are")
        if self.datamodule is None:
            raise RequestError("--data: is missing; which corpus? A config in training/configs names one")
        goes_on = self.config[stage].ckpt_path
        if goes_on is None and task.start is not None:
            load_start(task, task.start, task.config)
        elif goes_on is not None and goes_on not in _KEYWORDS:
            check_goes_on(Path(goes_on), task.config)
        # The data asks the network for the features it takes, by way of the trainer; what is read is kept.
        self.trainer.strategy.connect(task)
        self.datamodule.trainer = self.trainer
        self.datamodule.setup(stage)


def run_cli(**parser: Any) -> None:
    """Run what was typed; what a user did wrong is one line and exit code 1. parser: settings of its own."""
    # Lightning would read a checkpoint that is named by its address with all that a pickle may do.
    os.environ["TORCH_FORCE_WEIGHTS_ONLY_LOAD"] = "1"
    try:
        TrainingCLI(
            subclass_mode_model=True,
            subclass_mode_data=True,
            save_config_kwargs={"overwrite": True},
            seed_everything_default=0,
            trainer_defaults={"use_distributed_sampler": False},  # our loaders share their batches themselves
            parser_class=ConfigParser,
            parser_kwargs=parser,
        )
    except CharterError as error:
        _end(str(error))
    except UnpicklingError:
        _end("--ckpt_path: is no checkpoint of a training, as fit writes them; weights files are none")
    except OSError as error:
        if error.errno not in _FULL:
            raise
        _end(f"{error.filename or 'a file of the run'}: cannot be written (the disk is full)")
    except SIGTERMException:
        sys.exit(128 + signal.SIGTERM)  # Lightning's own says that all went well
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def _end(message: str) -> None:
    """Exit with 1, and tell why: the first process for all."""
    sys.exit(f"error: {message}" if os.environ.get("LOCAL_RANK", "0") == "0" else 1)
