// What the page of a lesson shows while Python starts: what loads and how far it is, until Python is ready.
// start.mjs tells it from the worker in which Python runs. That worker is made at once, and JupyterLab gets it when it
// asks for one: so Python starts while JupyterLab does. A kernel that is restarted gets a new one.
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

  const heard = (worker) => {
    worker.addEventListener("message", ({ data }) => data?.pythonStarts && show(data.pythonStarts));
    return worker;
  };
  const Plain = window.Worker;
  let first = heard(new Plain(new URL("python/worker.mjs", document.currentScript.src), { type: "module" }));
  window.Worker = function (url, options) {
    const kernel = first && String(url).includes("/comlink.worker.") ? first : heard(new Plain(url, options));
    if (kernel === first) first = null;
    return kernel;
  };
}
