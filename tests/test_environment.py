"""What Binder installs, builds and starts, and the settings that it and `make lab` start with."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
from unittest import mock

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from traitlets.config.loader import PyFileConfigLoader

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINDER = ROOT / "binder"
NEEDED = {"numpy", "matplotlib", "ipywidgets", "anywidget", "ipykernel"}  # JupyterLab is in Binder's base image


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
    command = [BINDER / "start", "printenv", "JUPYTER_CONFIG_PATH"]
    before = {**os.environ, "JUPYTER_CONFIG_PATH": "before"}
    printed = subprocess.run(command, capture_output=True, text=True, check=True, env=before).stdout
    assert printed.strip().split(os.pathsep) == [str(BINDER), "before"]


def test_settings_reach_kernels_and_jupyterlab_and_switch_off_nagles_algorithm(monkeypatch):
    monkeypatch.setattr(os, "environ", {"JUPYTER_CONFIG_PATH": "before", "OPENBLAS_NUM_THREADS": "2"})
    config = PyFileConfigLoader("jupyter_server_config.py", path=str(BINDER)).load_config()
    assert os.environ == {"JUPYTER_CONFIG_PATH": f"{BINDER}{os.pathsep}before", "OPENBLAS_NUM_THREADS": "1"}
    starts = re.findall(r"jupyter ?lab (--\S+)", read(ROOT / "Makefile") + read(ROOT / "README.md"))
    assert starts == ["--config=binder/jupyter_server_config.py"] * 3, "by make, on Windows, with uv"
    assert (ROOT / config.LabApp.default_url.removeprefix("/lab/tree/")).is_file()
    connection = config.ServerApp.kernel_websocket_connection_class(
        websocket_handler=mock.Mock(spec=KernelWebsocketHandler)
    )
    with mock.patch.object(ZMQChannelsWebsocketConnection, "connect", return_value="connected"):
        assert connection.connect() == "connected"
    connection.websocket_handler.set_nodelay.assert_called_once_with(True)


def test_build_lists_the_fonts_and_removes_the_answers(tmp_path):
    for name in ("binder", "helpers", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    path, fonts = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]]), tmp_path / "fonts"
    subprocess.run(
        [tmp_path / "binder" / "postBuild"], check=True, cwd=tmp_path, env={"PATH": path, "MPLCONFIGDIR": fonts}
    )
    assert list(fonts.glob("fontlist*.json"))
    assert {path.name for path in tmp_path.iterdir()} == {"binder", "fonts", "helpers"}
