"""What is wrong with a config or a command line, in one line that names the setting."""

import pytest

from training.config_errors import in_one_line

NESTED = """Parser key "model":
  Does not validate against any of the Union subtypes
  Subtypes: [<class 'pytorch_lightning.core.module.LightningModule'>, <class 'NoneType'>]
  Errors:
    - Problem with given class_path 'training.placement.PlacementTask':
        Parser key "net":
          Does not validate against any of the Union subtypes
          Subtypes: [<class 'charter.model.config.PlacementConfig'>, <class 'NoneType'>]
          Errors:
            - Problem with given class_path 'charter.model.config.PlacementConfig':
                {verdict}
            - Expected a <class 'NoneType'>
          Given value type: <class 'dict'>
          Given value: {{'channels': 8, 'hiden': 3}}
    - Expected a <class 'NoneType'>
  Given value type: <class 'dict'>
  Given value: {{'class_path': 'training.placement.PlacementTask'}}
"""


def test_a_misspelt_setting_of_a_part():
    told = in_one_line(NESTED.format(verdict="Option 'hiden' is not accepted"))
    assert told.endswith("Option 'hiden' is not accepted; did you mean 'hidden'?")
    assert told.count("\n") == 0
    assert "Union" not in told
    assert "NoneType" not in told


def test_a_value_of_another_type():
    verdict = "Parser key \"channels\":\n                  Expected a <class 'int'>. Got value: many"
    told = in_one_line(NESTED.format(verdict=verdict))
    assert told.endswith("Parser key \"channels\": Expected a <class 'int'>. Got value: many")


@pytest.mark.parametrize(
    "message",
    ["Subcommand 'fit' does not accept option 'trainer.max_epoch'", "unrecognized arguments: --trainer.max_epochz 3"],
)
def test_a_misspelt_setting_of_the_trainer(message):
    assert in_one_line(message) == f"{message}; did you mean 'max_epochs'?"


def test_what_is_like_nothing_is_told_as_it_is():
    assert in_one_line("unrecognized arguments: --trainer.foo 3") == "unrecognized arguments: --trainer.foo 3"
    told = in_one_line(NESTED.format(verdict="Option 'zzz' is not accepted"))
    assert told.endswith("Option 'zzz' is not accepted")


@pytest.mark.parametrize("more", ["", ", given class_path 'Foo'"])
def test_a_message_that_names_no_class_is_told_as_it_is(more):
    said = f"Option 'foo' is not accepted{more}"
    assert in_one_line(said) == said
