// Says the page's language to the browser, and has the page drawn again when the reader turns
// between light and dark: charts are drawn on the server, in the colours of the one it knows.
export default function ({ data, setTriggerValue }) {
  document.documentElement.lang = data.lang;
  const app = document.querySelector(".stApp");
  if (!app) return;
  let drawn = data.mode;
  const look = () => {
    const mode = getComputedStyle(app).colorScheme.includes("dark") ? "dark" : "light";
    if (mode !== drawn) {
      drawn = mode;
      setTriggerValue("mode", mode);
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(app, { attributes: true, attributeFilter: ["class", "style"] });
  look();
  return () => observer.disconnect();
}
