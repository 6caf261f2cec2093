/** Listeners begin with `on`. An attribute that is undefined is left out. */
type Attributes = Record<string, string | number | ((event: Event) => void) | undefined>;

type Content = Node | string | undefined;

/** An element with attributes, listeners (`onclick` and so on) and content. Text is never taken for HTML. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...content: Content[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...content.filter((part) => part !== undefined));
  return element;
}

/** An element of the page, by its id. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element ${id}.`);
  return element;
}
