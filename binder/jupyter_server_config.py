"""Jupyter's settings for this course: `make lab` names this file, Binder has this folder in JUPYTER_CONFIG_PATH.

labconfig/ beside this file keeps JupyterLab from asking, before the first lesson, about news and updates.
"""

import os
import pathlib

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """The connection between browser and kernel, without Nagle's algorithm.

    With it, a small message waits until the one before it is acknowledged, and no picture changes more than 18 times
    a second while a slider moves. Jupyter Server never switches it off.
    """

    def connect(self):
        """Switch it off before the first message."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


# Kernels inherit these, and JupyterLab looks for labconfig/ there. Matrices as small as ours gain nothing from several
# BLAS threads, and waiting threads slow the explorers down.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
paths = [str(pathlib.Path(__file__).resolve().parent), os.environ.get("JUPYTER_CONFIG_PATH")]
os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))

c = get_config()  # noqa: F821  Jupyter Server defines it
c.LabApp.default_url = "/lab/tree/notebooks/00_start_here.ipynb"
c.ServerApp.kernel_websocket_connection_class = PromptConnection
