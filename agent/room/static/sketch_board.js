import { BOX_HEIGHT, BOX_WIDTH } from "./sketch_model.js";

const [HALF_W, HALF_H] = [BOX_WIDTH / 2, BOX_HEIGHT / 2];
const LETTERS = 18;
const LINE = 15;

/** Draws the model; the same shapes as agent/report/sketch_svg.py. Pointers move boxes and draw arrows. */
export class SketchBoard {
  #svg;
  #model;
  #on;
  #drag = null;

  /** `on` has select(id), connect(source, target), focusArrow(arrow). */
  constructor(svg, model, on) {
    [this.#svg, this.#model, this.#on] = [svg, model, on];
    svg.addEventListener("pointerdown", (event) => this.#down(event));
    svg.addEventListener("pointermove", (event) => this.#move(event));
    svg.addEventListener("pointerup", (event) => this.#up(event));
    svg.addEventListener("pointercancel", () => this.#end());
  }

  draw(selected, connecting) {
    const held = this.#svg.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const { arrows, boxes } = this.#model;
    this.#svg.replaceChildren(head(), ...arrows.map((arrow) => this.#arrow(arrow)), ...boxes.map((box) => this.#box(box, selected, connecting)));
    if (held) this.focus(held);
  }

  focus(id) {
    this.#svg.querySelector(`[data-id="${id}"]`)?.focus();
  }

  #box(box, selected, connecting) {
    const number = this.#model.arrows.filter((arrow) => arrow.source === box.id || arrow.target === box.id).length;
    const group = make("g", {
      class: `sketch-box${box.id === selected ? " selected" : ""}${box.id === connecting ? " connecting" : ""}`,
      tabindex: 0,
      role: "button",
      "aria-pressed": box.id === selected,
      "aria-label": `${box.label || "unnamed box"}, ${box.kind}, ${number} arrow${number === 1 ? "" : "s"}`,
      "data-id": box.id,
      transform: `translate(${box.x} ${box.y})`,
    });
    group.append(...shape(box.kind), ...words(box.label), make("text", { class: "sketch-kind", y: HALF_H - 7 }, box.kind));
    group.append(make("circle", { class: "sketch-dot", cx: HALF_W, cy: 0, r: 9, "data-from": box.id }));
    return group;
  }

  #arrow(arrow) {
    const [source, target] = [this.#model.box(arrow.source), this.#model.box(arrow.target)];
    const back = this.#model.arrows.some((other) => other.source === arrow.target && other.target === arrow.source);
    const { from, to } = ends(source, target, back ? 12 : 0);
    const group = make("g", {});
    const line = { d: `M${from.x} ${from.y}L${to.x} ${to.y}` };
    group.append(make("path", { class: "sketch-reach", ...line }), make("path", { class: "sketch-arrow", "marker-end": "url(#sketch-head)", ...line }));
    if (arrow.label) group.append(make("text", { class: "sketch-note", x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - 5 }, arrow.label));
    group.addEventListener("click", () => this.#on.focusArrow(arrow));
    return group;
  }

  #down(event) {
    const group = event.target.closest("[data-id]");
    if (!group || event.button !== 0) return;
    const [point, box] = [this.#point(event), this.#model.box(group.dataset.id)];
    this.#svg.setPointerCapture(event.pointerId);
    const from = event.target.dataset.from;
    this.#drag = { id: box.id, dx: box.x - point.x, dy: box.y - point.y, arrow: Boolean(from), moved: false };
    this.#on.select(box.id);
    this.focus(box.id);
    event.preventDefault();
  }

  #move(event) {
    if (!this.#drag) return;
    const point = this.#point(event);
    const { id, dx, dy, arrow } = this.#drag;
    this.#drag.moved = true;
    if (!arrow) return this.#model.change(id, { x: point.x + dx, y: point.y + dy }, "drag");
    const box = this.#model.box(id);
    this.#svg.querySelector(".sketch-draft")?.remove();
    this.#svg.append(make("path", { class: "sketch-arrow sketch-draft", d: `M${box.x + HALF_W} ${box.y}L${point.x} ${point.y}` }));
  }

  #up(event) {
    if (!this.#drag) return;
    const { id, arrow } = this.#drag;
    const below = this.#model.boxes.find((box) => box.id !== id && within(box, this.#point(event)));
    this.#end();
    if (arrow && below) this.#on.connect(id, below.id);
  }

  #end() {
    this.#drag = null;
    this.#model.settle();
    this.#svg.querySelector(".sketch-draft")?.remove();
  }

  #point(event) {
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(this.#svg.getScreenCTM().inverse());
  }
}

const within = (box, point) => Math.abs(box.x - point.x) <= HALF_W && Math.abs(box.y - point.y) <= HALF_H;

function make(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function head() {
  const marker = make("marker", { id: "sketch-head", viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto" });
  marker.append(make("path", { class: "sketch-head", d: "M0 0 10 5 0 10z" }));
  const defs = make("defs", {});
  defs.append(marker);
  return defs;
}

function shape(kind) {
  const [x, y] = [-HALF_W, -HALF_H];
  const rim = `M${x} ${y + 8}a${HALF_W} 8 0 0 0 ${BOX_WIDTH} 0`;
  if (kind === "store") {
    const high = BOX_HEIGHT - 16;
    const body = `M${x} ${y + 8}v${high}a${HALF_W} 8 0 0 0 ${BOX_WIDTH} 0v-${high}a${HALF_W} 8 0 0 0 -${BOX_WIDTH} 0z`;
    return [make("path", { class: "sketch-shape", d: body }), make("path", { class: "sketch-detail", d: rim })];
  }
  if (kind === "model") {
    const points = `${x + 14},${y} ${-x - 14},${y} ${-x},0 ${-x - 14},${-y} ${x + 14},${-y} ${x},0`;
    return [make("polygon", { class: "sketch-shape", points })];
  }
  const outline = make("rect", { class: "sketch-shape", x, y, width: BOX_WIDTH, height: BOX_HEIGHT, rx: { service: 6, client: 30, queue: 2 }[kind] });
  if (kind !== "queue") return [outline];
  return [outline, make("path", { class: "sketch-detail", d: `M${x + 9} ${y}V${-y}M${-x - 9} ${y}V${-y}` })];
}

function words(label) {
  const lines = [];
  for (const word of (label || "?").match(new RegExp(`\\S{1,${LETTERS}}`, "gu")) ?? ["?"]) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= LETTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const shown = lines.slice(0, 3);
  return shown.map((line, i) => make("text", { class: "sketch-label", y: (i - (shown.length - 1) / 2) * LINE - 3 }, line));
}

/** From border to border; one of two opposite arrows is moved aside. */
function ends(source, target, aside) {
  const [dx, dy] = [target.x - source.x, target.y - source.y];
  const length = Math.max(1, Math.hypot(dx, dy));
  const [ox, oy] = [(-dy / length) * aside, (dx / length) * aside];
  const reach = (distance, half) => (distance > half ? half / distance : 1);
  const share = Math.min(0.5, reach(Math.abs(dx), HALF_W + 2), reach(Math.abs(dy), HALF_H + 2));
  return {
    from: { x: source.x + dx * share + ox, y: source.y + dy * share + oy },
    to: { x: target.x - dx * share + ox, y: target.y - dy * share + oy },
  };
}
