// A presenter's remote sends Page Up and Page Down. Inside a slider or a field the browser would take
// them for the value there; in the demo they always turn the page.
export default function () {
  const turn = (event) => {
    const name = { PageDown: "next", PageUp: "back" }[event.key];
    const field = event.target instanceof Element && event.target.closest("input, textarea");
    if (!name || !field) return; // elsewhere the buttons listen themselves
    event.preventDefault();
    event.stopImmediatePropagation();
    field.blur();
    document.querySelector(`.st-key-demo-${name} button:not(:disabled)`)?.click();
  };
  document.addEventListener("keydown", turn, true);
  return () => document.removeEventListener("keydown", turn, true);
}
