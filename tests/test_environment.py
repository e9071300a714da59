"""What Binder installs and starts, and that the environment check names everything that is not as it should be."""

import importlib.metadata
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

from helpers import environment

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINDER, NOTEBOOKS = ROOT / "binder", ROOT / "notebooks"
NEEDED = {"numpy", "matplotlib", "ipywidgets", "ipykernel"}  # JupyterLab is in Binder's base image


def read(path):
    return path.read_text(encoding="utf-8")


def test_binder_installs_what_the_lessons_need_in_the_versions_of_requirements():
    ours, binders = (
        dict(re.findall(r"^([\w-]+)==([\d.]+)", read(f / "requirements.txt"), re.M)) for f in (ROOT, BINDER)
    )
    assert binders == {name: ours[name] for name in NEEDED}
    lines = [line for line in read(BINDER / "requirements.txt").splitlines() if not line.startswith("#")]
    assert len(lines) == len(NEEDED), "no -r, no -e, no range of versions"


def test_start_hands_the_settings_to_the_server():
    program = "import os; print(os.environ['JUPYTER_CONFIG_PATH'], os.environ['OPENBLAS_NUM_THREADS'], sep=os.pathsep)"
    before = {**os.environ, "JUPYTER_CONFIG_PATH": "before", "OPENBLAS_NUM_THREADS": "2"}
    command = [BINDER / "start", sys.executable, "-c", program]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, env=before).stdout
    assert printed.strip().split(os.pathsep) == [str(BINDER), "before", "1"]


def test_settings_switch_off_nagles_algorithm():
    config = PyFileConfigLoader("jupyter_server_config.py", path=str(BINDER)).load_config()
    connection = config.ServerApp.kernel_websocket_connection_class(
        websocket_handler=mock.Mock(spec=KernelWebsocketHandler)
    )
    with mock.patch.object(ZMQChannelsWebsocketConnection, "connect", return_value="connected"):
        assert connection.connect() == "connected"
    connection.websocket_handler.set_nodelay.assert_called_once_with(True)


def test_build_lists_the_fonts(tmp_path):
    path = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run([BINDER / "postBuild"], check=True, cwd=ROOT, env={"PATH": path, "MPLCONFIGDIR": str(tmp_path)})
    assert list(tmp_path.glob("fontlist*.json"))


# The environment check

FINE = {"numpy": "2.4.6", "matplotlib": "3.11.2", "ipywidgets": "8.1.9", "ipykernel": "7.4.0"}


def test_nothing_is_wrong_here(capsys, monkeypatch):
    monkeypatch.chdir(NOTEBOOKS)
    environment.check()
    assert capsys.readouterr().out.startswith("All is well")


def test_a_notebook_away_from_its_helpers_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    environment.check()
    printed = capsys.readouterr().out
    assert "helpers/ is not beside" in printed and environment.REPAIR in printed


@pytest.mark.parametrize(
    ("python", "versions", "said"),
    [
        ((3, 10, 4), {}, ["Python is 3.10, but the course needs 3.11 or newer."]),
        ((3, 11), {"numpy": "1.26.4", "matplotlib": "3.10.0"}, ["numpy is 1.26.4, but the course needs 2.0 or newer."]),
        ((3, 11), {"ipywidgets": None}, ["ipywidgets is not installed"]),
        ((3, 11), {"ipykernel": "7.0.1"}, ["ipykernel is 7.0.1, which forgets"]),
        ((3, 11), {"ipykernel": "6.30.1"}, []),
    ],
)
def test_what_is_old_or_missing_is_named(python, versions, said):
    def version(package):
        if (found := (FINE | versions)[package]) is None:
            raise importlib.metadata.PackageNotFoundError(package)
        return found

    found = environment.problems(python, version, NOTEBOOKS)
    assert len(found) == len(said) and all(map(str.startswith, found, said))
