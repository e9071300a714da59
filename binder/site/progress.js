// What the page of a lesson shows while Python starts: what loads and how far it is, until Python is ready.
// start.mjs tells it from the worker in which Python runs; the page meets that worker when JupyterLab makes it.
{
  const sign = document.createElement("div");
  sign.id = "python-starts";
  sign.innerHTML = '<span role="status"></span> <progress aria-label="How far Python is" max="1"></progress>';
  sign.style.cssText =
    "position: fixed; z-index: 2000; right: 12px; bottom: 36px; max-width: calc(100vw - 50px); padding: 8px 14px;" +
    "font: 14px/1.5 system-ui, sans-serif; color: #fff; background: #1f3b57; border-radius: 6px";
  const [text, bar] = sign.children;

  function show({ what, share }) {
    if (!sign.isConnected) document.body.append(sign);
    if (text.textContent !== what) text.textContent = what; // a screen reader says it once
    bar.value = share;
    if (share === 1) setTimeout(() => sign.remove(), 1500);
  }
  addEventListener("DOMContentLoaded", () => show({ what: "Opening the lesson", share: 0 }));

  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => data?.pythonStarts && show(data.pythonStarts));
    }
  };
}
