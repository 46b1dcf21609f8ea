/** The board as a file of its own: what is seen, in the colours in which it is seen. */
const LOOK = ["fill", "stroke", "stroke-width", "stroke-dasharray", "paint-order", "font-size", "font-family", "text-anchor"];
const ONLY_IN_THE_PAGE = ["class", "id", "tabindex", "role", "aria-pressed", "aria-describedby", "data-id"];
const MARGIN = 28;

export function picture(svg) {
  const copy = svg.cloneNode(true);
  const seen = svg.querySelectorAll("*");
  for (const [i, element] of copy.querySelectorAll("*").entries()) {
    const style = getComputedStyle(seen[i]);
    for (const name of LOOK) element.setAttribute(name, style.getPropertyValue(name));
  }
  for (const tool of copy.querySelectorAll(".sketch-dot, .sketch-reach")) tool.remove();
  for (const element of [copy, ...copy.querySelectorAll("g, path, rect, polygon, text")])
    for (const name of ONLY_IN_THE_PAGE) element.removeAttribute(name);
  const { x, y, width, height } = svg.getBBox();
  const frame = { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  const sheet = document.createElementNS(svg.namespaceURI, "rect");
  for (const [name, value] of Object.entries({ ...frame, fill: getComputedStyle(svg.parentElement).backgroundColor })) sheet.setAttribute(name, value);
  copy.prepend(sheet);
  for (const [name, value] of Object.entries({ role: "img", viewBox: Object.values(frame).join(" "), width: frame.width, height: frame.height }))
    copy.setAttribute(name, value);
  return new XMLSerializer().serializeToString(copy);
}

export function save(text, name, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
