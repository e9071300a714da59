"""Jupyter's settings for this course: `make lab` and Binder start it with this folder in JUPYTER_CONFIG_PATH.

labconfig/ beside this file keeps JupyterLab from asking, before the first lesson, about news and updates.
"""

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


c = get_config()  # noqa: F821  Jupyter Server defines it
c.ServerApp.kernel_websocket_connection_class = PromptConnection
