// What this page shows while Python starts in the browser: what loads and how far it is, until the kernel is ready.
// start.mjs sends it from the worker; the page meets that worker when JupyterLab makes it.
{
  const Plain = window.Worker;
  window.Worker = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => data?.pythonStarts && show(data.pythonStarts));
    }
  };

  let sign;
  function show({ what, share }) {
    if (!sign) {
      sign = document.createElement("div");
      sign.id = "python-starts";
      sign.innerHTML = '<span role="status"></span><progress aria-label="Python starts" max="1"></progress>';
      sign.style.cssText =
        "position: fixed; z-index: 2000; right: 12px; bottom: 36px; max-width: calc(100vw - 24px); padding: 8px 12px;" +
        "font: 14px/1.4 system-ui, sans-serif; color: #fff; background: #1f3b57; border-radius: 6px";
      document.body.append(sign);
    }
    const [text, bar] = sign.children;
    if (text.textContent !== what) text.textContent = what;
    bar.value = share;
  }
}
