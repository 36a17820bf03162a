// Elements are made one by one and filled with text nodes: nothing that anybody wrote is ever read as HTML.
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  chat: "M4 5h16v11H9l-5 4z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12l16-8-6 16-3-7z",
  download: "M12 4v11m-5-5l5 5 5-5M5 20h14",
  down: "M12 5v14m-6-6l6 6 6-6",
  star: "M12 3l3 6 6 1-5 4 2 7-6-4-6 4 2-7-5-4 6-1z",
};
const LINK = /\bhttps?:\/\/[^\s<>"'，。；、）】]+/gi;
const LINK_END = /[.,;:!?)\]}]+$/;

// `true` sets a bare attribute, `false` and null leave it out, a function listens.
const el = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
};

const icon = (name) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
};

const iconButton = (name, label, click, className = "icon") =>
  el("button", { type: "button", class: className, title: label, "aria-label": label, click }, icon(name));

const hidden = (text) => el("span", { class: "hidden" }, text);

// Text with its web addresses as links; only http and https, and never the full stop behind one.
const linked = (text, newTab) => {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(LINK_END, "");
    if (!URL.canParse(address)) continue;
    nodes.push(text.slice(end, match.index));
    const safe = { href: address, target: "_blank", rel: "noopener noreferrer nofollow" };
    nodes.push(el("a", safe, address, hidden(` (${newTab})`)));
    end = match.index + address.length;
  }
  return [...nodes, text.slice(end)];
};
