import type { Api } from "../Api.js";
import { counted, debounced, h } from "../dom.js";
import type { Panel } from "./Panels.js";

/** Finds elements by label, code, class, source identifier or any property. */
export function searchPanel(
  api: Api,
  choose: (elementId: string) => void,
  isolate: (ids: string[]) => void,
  fail: (error: unknown) => void,
): Panel {
  const input = h("input", {
    type: "search",
    "aria-label": "Search elements",
    placeholder: "Label, code, class, identifier or any value",
  });
  const results = h("div", { "aria-live": "polite" });
  let asked = "";
  const search = async () => {
    asked = input.value.trim();
    const text = asked;
    if (text === "") {
      results.replaceChildren();
      return;
    }
    const found = await api.search(text);
    if (text !== asked) return; // the user has typed on meanwhile
    const ids = found.results.map(({ id }) => id);
    const title = found.more ? `The first ${counted(ids.length, "element")}` : counted(ids.length, "element");
    const only = h("button", { disabled: ids.length === 0, onclick: () => isolate(ids) }, "Show only these");
    const items = found.results.map(({ id, label, className, match }) =>
      h(
        "li",
        {},
        h("button", { class: "link", onclick: () => choose(id) }, label === "" ? id : label),
        h("div", { class: "faint" }, `${className} · ${match.property}: ${match.value}`),
      ),
    );
    results.replaceChildren(
      h("div", { class: "row" }, h("span", {}, title), only),
      h("ul", { class: "list" }, ...items),
    );
  };
  input.addEventListener(
    "input",
    debounced(250, () => void search().catch(fail)),
  );
  return { title: "Search", content: h("div", {}, input, results), onShow: () => input.focus() };
}
