export const WIDTH = 1200;
export const HEIGHT = 640;
export const BOX_WIDTH = 168;
export const BOX_HEIGHT = 68;
const MOST_BOXES = 60;
const MOST_ARROWS = 120;
const MOST_STEPS = 100;

/** Boxes and arrows, as agent's graphs/board.py has them, with a memory of what they were. */
export class SketchModel {
  #changed;
  #past = [];
  #future = [];
  #step = null;
  boxes = [];
  arrows = [];

  constructor(changed) {
    this.#changed = changed;
  }

  get sketch() {
    return { boxes: this.boxes.map((box) => ({ ...box })), arrows: this.arrows.map((arrow) => ({ ...arrow })) };
  }

  load(sketch) {
    [this.#past, this.#future, this.#step] = [[], [], null];
    this.#take(JSON.stringify(sketch ?? { boxes: [], arrows: [] }));
  }

  box(id) {
    return this.boxes.find((box) => box.id === id);
  }

  label(id) {
    return this.box(id)?.label || "unnamed box";
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  undo() {
    this.#swap(this.#past, this.#future);
  }

  redo() {
    this.#swap(this.#future, this.#past);
  }

  /** A new box where there is room; null where there are too many. */
  add() {
    if (this.boxes.length >= MOST_BOXES) return null;
    const id = free("b", this.boxes);
    this.#edit(null, () => this.boxes.push({ id, label: "", kind: "service", ...this.#room() }));
    return id;
  }

  /** Changes of one box that follow each other under the same `step` are undone together. */
  change(id, values, step) {
    const box = this.box(id);
    this.#edit(step && `${step}:${id}`, () => {
      Object.assign(box, values);
      box.label = plain(box.label);
      box.x = clamp(box.x, BOX_WIDTH / 2, WIDTH - BOX_WIDTH / 2);
      box.y = clamp(box.y, BOX_HEIGHT / 2, HEIGHT - BOX_HEIGHT / 2);
    });
  }

  /** What comes next is undone by itself. */
  settle() {
    this.#step = null;
  }

  remove(id) {
    this.#edit(null, () => {
      this.boxes = this.boxes.filter((box) => box.id !== id);
      this.arrows = this.arrows.filter((arrow) => arrow.source !== id && arrow.target !== id);
    });
  }

  connect(source, target) {
    const there = this.arrows.some((arrow) => arrow.source === source && arrow.target === target);
    if (there || source === target || this.arrows.length >= MOST_ARROWS) return false;
    this.#edit(null, () => this.arrows.push({ source, target, label: "" }));
    return true;
  }

  name({ source, target }, label) {
    const arrow = this.arrows.find((other) => other.source === source && other.target === target);
    if (arrow) this.#edit(`arrow:${source}:${target}`, () => (arrow.label = plain(label)));
  }

  disconnect({ source, target }) {
    this.#edit(null, () => (this.arrows = this.arrows.filter((other) => other.source !== source || other.target !== target)));
  }

  #edit(step, change) {
    if (step === null || step !== this.#step) {
      this.#past = [...this.#past.slice(1 - MOST_STEPS), JSON.stringify(this.sketch)];
      this.#future = [];
    }
    this.#step = step;
    change();
    this.#changed();
  }

  #swap(from, to) {
    if (!from.length) return;
    to.push(JSON.stringify(this.sketch));
    this.#step = null;
    this.#take(from.pop());
    this.#changed();
  }

  #take(text) {
    ({ boxes: this.boxes, arrows: this.arrows } = JSON.parse(text));
  }

  #room() {
    for (let y = 80; y < HEIGHT; y += 130)
      for (let x = 130; x < WIDTH; x += 235)
        if (!this.boxes.some((box) => Math.abs(box.x - x) < 180 && Math.abs(box.y - y) < 90)) return { x, y };
    const aside = 12 * (this.boxes.length % 20);
    return { x: WIDTH / 2 + aside, y: HEIGHT / 2 + aside };
  }
}

/** Tabs and the like come with pasted text; a label is one line. */
const plain = (label) => label.replace(/[\x00-\x1f\x7f]/g, " ");
const clamp = (value, low, high) => Math.round(Math.min(high, Math.max(low, value)));

function free(letter, things) {
  let number = things.length + 1;
  while (things.some((thing) => thing.id === `${letter}${number}`)) number += 1;
  return `${letter}${number}`;
}
