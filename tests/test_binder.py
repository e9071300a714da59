"""What Binder installs and starts is what the lessons need, in the versions of requirements.txt."""

import json
import os
import pathlib
import re
import subprocess
import sys
from unittest import mock

import pytest
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from traitlets.config.loader import PyFileConfigLoader

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINDER = ROOT / "binder"
NEEDED = {"numpy", "matplotlib", "ipywidgets", "ipykernel"}  # JupyterLab is in Binder's base image


def pins(text):
    """Package name -> version; any other line than `name==version` is a ValueError."""
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    for line in filter(None, lines):
        if not re.fullmatch(r"[a-z0-9-]+==\d[\d.]*", line):
            raise ValueError(f"{line!r} is not a package with an exact version")
    return dict(line.split("==") for line in lines if line)


def test_binder_installs_what_the_lessons_need_in_the_versions_of_requirements():
    ours = pins((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert pins((BINDER / "requirements.txt").read_text(encoding="utf-8")) == {name: ours[name] for name in NEEDED}


@pytest.mark.parametrize("line", ["-r ../requirements.txt", "-e .", "numpy", "numpy>=2", "numpy @ https://example.org"])
def test_other_lines_are_refused(line):
    with pytest.raises(ValueError, match="exact version"):
        pins(f"numpy==2.0\n{line}\n")


def test_binder_runs_a_python_that_the_workflow_tests():
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    tested = re.findall(r'"(3\.\d+)"', re.search(r"python: \[(.*)\]", workflow)[1])
    assert (BINDER / "runtime.txt").read_text(encoding="utf-8").strip().removeprefix("python-") in tested
    assert tested[0] == "3.11"


def test_start_hands_the_settings_to_the_server():
    program = "import os; print(os.environ['JUPYTER_CONFIG_PATH'], os.environ['OPENBLAS_NUM_THREADS'], sep=os.pathsep)"
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": "before", "OPENBLAS_NUM_THREADS": "2"}
    command = [str(BINDER / "start"), sys.executable, "-c", program]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.strip().split(os.pathsep) == [str(BINDER), "before", "1"]


def test_settings_switch_off_nagles_algorithm():
    config = PyFileConfigLoader("jupyter_server_config.py", path=str(BINDER)).load_config()
    chosen = config.ServerApp.kernel_websocket_connection_class
    assert issubclass(chosen, ZMQChannelsWebsocketConnection)
    connection = chosen(websocket_handler=mock.Mock(spec=KernelWebsocketHandler))
    with mock.patch.object(ZMQChannelsWebsocketConnection, "connect", return_value="connected"):
        assert connection.connect() == "connected"
    connection.websocket_handler.set_nodelay.assert_called_once_with(True)


def test_jupyterlab_knows_the_settings_it_is_given():
    schemas = pathlib.Path(sys.prefix) / "share" / "jupyter" / "lab" / "schemas"
    overrides = json.loads((BINDER / "labconfig" / "default_setting_overrides.json").read_text(encoding="utf-8"))
    assert overrides
    for plugin, settings in overrides.items():
        package, name = plugin.split(":")
        known = json.loads((schemas / package / f"{name}.json").read_text(encoding="utf-8"))["properties"]
        assert set(settings) <= set(known)


def test_build_lists_the_fonts(tmp_path):
    path = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "MPLCONFIGDIR": str(tmp_path)}
    subprocess.run([str(BINDER / "postBuild")], check=True, cwd=ROOT, env=environment)
    assert list(tmp_path.glob("fontlist*.json"))
