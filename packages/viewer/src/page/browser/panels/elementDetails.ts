import type { ElementDescription, Link, PropertyValue, Provenance, Relationship } from "../apiTypes.js";
import { h } from "../dom.js";

/** Where links to other elements lead. */
export interface Links {
  choose: (elementId: string) => void;
  /** Whether there is anything to show of an element. */
  knows: (elementId: string) => boolean;
}

/** Everything that the iModel knows of an element. */
export function elementDetails(element: ElementDescription, { choose, knows }: Links): HTMLElement[] {
  const link = ({ id, label }: Link) =>
    knows(id) ? h("button", { class: "link", onclick: () => choose(id) }, label || id) : h("span", {}, label || id);
  return [
    h("h2", {}, element.label || element.id),
    h("p", { class: "faint" }, element.classLabel),
    section("Element", list(identityOf(element, link))),
    ...element.provenance.map((provenance) => section("Source", list(sourceOf(provenance)))),
    ...element.groups.map(({ label, properties }) => section(label, list(properties.map(pairOf)))),
    ...element.aspects.map(({ label, properties }) => section(label, list(properties.map(pairOf)))),
    ...links("Parts", element.children, link),
    ...relationships(element.relationships, link),
  ];
}

type Pair = [name: string, value: string | Node | undefined];
type MakeLink = (link: Link) => HTMLElement;

function identityOf(element: ElementDescription, link: MakeLink): Pair[] {
  const { id, className, code, federationGuid, category, model, parent, lastModified } = element;
  return [
    ["Id", id],
    ["Class", className],
    ["Code", code?.value],
    ["GUID", federationGuid],
    ["Category", category && link(category)],
    ["Model", model && link(model)],
    ["Parent", parent && link(parent)],
    ["Last modified", dateOf(lastModified)],
  ];
}

function sourceOf(provenance: Provenance): Pair[] {
  const { connector, connectorVersion, job, document: file, kind, identifier, version, lastChanged } = provenance;
  return [
    ["Identifier", identifier],
    ["Kind", kind],
    ["Version", version],
    ["Document", file?.name],
    ["Path", file?.path],
    ["Connector", [connector, connectorVersion].filter((part) => part !== undefined).join(" ")],
    ["Job", job],
    ["Last changed", dateOf(lastChanged)],
  ];
}

function pairOf({ label, text }: PropertyValue): Pair {
  return [label, text];
}

function section(title: string, ...content: HTMLElement[]): HTMLElement {
  return h("section", { "aria-label": title }, h("h3", {}, title), ...content);
}

function list(pairs: Pair[]): HTMLElement {
  const given = pairs.filter(([, value]) => value !== undefined && value !== "");
  return h("dl", {}, ...given.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function links(title: string, elements: Link[], link: MakeLink): HTMLElement[] {
  if (elements.length === 0) return [];
  return [section(title, h("ul", { class: "list" }, ...elements.map((element) => h("li", {}, link(element)))))];
}

function relationships(all: Relationship[], link: MakeLink): HTMLElement[] {
  const groups = new Map<string, Link[]>();
  for (const { label, direction, element } of all) {
    const title = `${direction === "out" ? "→" : "←"} ${label}`;
    groups.set(title, [...(groups.get(title) ?? []), element]);
  }
  return [...groups].flatMap(([title, elements]) => links(title, elements, link));
}

function dateOf(text: string | undefined): string | undefined {
  return text && new Date(text).toLocaleString();
}
