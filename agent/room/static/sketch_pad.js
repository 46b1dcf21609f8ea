import { SketchBoard } from "./sketch_board.js";
import { SketchModel } from "./sketch_model.js";
import { picture, save } from "./sketch_picture.js";

const pick = (id) => document.getElementById(id);
const STEP = 20;
const FINE = 5;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The board with its form and its lists: everything on it can be done by pointer, by keyboard and from the lists. */
export class SketchPad {
  #options;
  #model;
  #board;
  #selected = null;
  #connecting = null;

  constructor(options) {
    this.#options = options;
    this.#model = new SketchModel(() => this.#changed());
    this.#board = new SketchBoard(pick("sketch-board"), this.#model, {
      select: (id) => this.#select(id),
      connect: (source, target) => this.#connect(source, target),
      focusArrow: (arrow) => pick("sketch-arrows").children[this.#model.arrows.indexOf(arrow)]?.querySelector("input").focus(),
    });
    pick("sketch-board").addEventListener("keydown", (event) => this.#key(event));
    pick("sketch-pad").addEventListener("keydown", (event) => this.#undoKey(event));
    pick("sketch-add").onclick = () => this.#add();
    pick("sketch-undo").onclick = () => this.#back("undo", "Undone");
    pick("sketch-redo").onclick = () => this.#back("redo", "Done again");
    pick("sketch-save").onclick = () => this.#save();
    this.#form();
  }

  show({ sketch }) {
    pick("sketch-pad").hidden = false;
    if (JSON.stringify(sketch ?? { boxes: [], arrows: [] }) !== JSON.stringify(this.#model.sketch)) {
      [this.#selected, this.#connecting] = [null, null];
      this.#model.load(sketch);
    }
    this.#draw();
  }

  hide() {
    pick("sketch-pad").hidden = true;
  }

  saved(words) {
    pick("sketch-saved").textContent = words;
  }

  #form() {
    const change = (values, step) => this.#selected && this.#model.change(this.#selected, values, step);
    pick("sketch-form").onsubmit = (event) => {
      event.preventDefault();
      this.#board.focus(this.#selected);
    };
    pick("sketch-name").oninput = (event) => change({ label: event.target.value }, "name");
    pick("sketch-name").onblur = () => this.#model.settle();
    pick("sketch-kind").onchange = (event) => change({ kind: event.target.value }, null);
    pick("sketch-connect").onclick = () => this.#connect(this.#selected, pick("sketch-target").value);
    pick("sketch-remove").onclick = () => this.#remove(this.#selected);
  }

  #add() {
    const id = this.#model.add();
    if (id === null) return this.#say("There is no room for more boxes");
    this.#select(id);
    pick("sketch-name").focus();
    this.#say("Box added. Give it a name.");
  }

  #select(id) {
    this.#selected = id;
    this.#draw();
  }

  #connect(source, target) {
    this.#connecting = null;
    const made = target && this.#model.connect(source, target);
    this.#draw();
    this.#say(made ? `Arrow from ${this.#model.label(source)} to ${this.#model.label(target)}` : "There is such an arrow already");
  }

  #remove(id) {
    if (!id) return;
    const label = this.#model.label(id);
    this.#selected = null;
    this.#model.remove(id);
    pick("sketch-add").focus();
    this.#say(`${label} deleted`);
  }

  #back(way, words) {
    this.#model[way]();
    if (!this.#model.box(this.#selected)) this.#selected = null;
    this.#draw();
    this.#say(words);
  }

  /** As it is seen when nothing on it is selected. */
  #save() {
    this.#board.draw(null, null);
    save(picture(pick("sketch-board")), "sketch.svg", "image/svg+xml");
    this.#draw();
  }

  #key(event) {
    const id = event.target.dataset?.id;
    if (!id || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = this.#model.box(id);
    const step = event.shiftKey ? FINE : STEP;
    const move = MOVES[event.key];
    if (move) {
      this.#selected = id;
      this.#model.change(id, { x: box.x + move[0] * step, y: box.y + move[1] * step }, "key");
    } else if (event.key === "Enter" || event.key === " ") this.#enter(id);
    else if (event.key === "c") this.#begin(id);
    else if (event.key === "Delete" || event.key === "Backspace") this.#remove(id);
    else if (event.key === "Escape" && this.#connecting) this.#begin(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #enter(id) {
    if (this.#connecting && this.#connecting !== id) return this.#connect(this.#connecting, id);
    this.#connecting = null;
    this.#select(id);
    pick("sketch-name").focus();
    pick("sketch-name").select();
  }

  #begin(id) {
    this.#connecting = id;
    this.#draw();
    this.#say(id ? `Arrow from ${this.#model.label(id)}: go to another box and press Enter, or press Escape` : "No arrow");
  }

  #undoKey(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.target.matches("input")) return;
    event.preventDefault();
    this.#back(event.shiftKey ? "redo" : "undo", event.shiftKey ? "Done again" : "Undone");
  }

  #changed() {
    this.#draw();
    this.#options.changed({ sketch: this.#model.sketch });
  }

  #draw() {
    this.#board.draw(this.#selected, this.#connecting);
    pick("sketch-undo").disabled = !this.#model.canUndo;
    pick("sketch-redo").disabled = !this.#model.canRedo;
    pick("sketch-save").disabled = !this.#model.boxes.length;
    this.#fill(this.#model.box(this.#selected));
    list(pick("sketch-boxes"), this.#model.boxes, "No box yet.", (box) => this.#boxItem(box));
    list(pick("sketch-arrows"), this.#model.arrows, "No arrow yet.", (arrow) => this.#arrowItem(arrow));
  }

  #fill(box) {
    pick("sketch-form").hidden = !box;
    if (!box) return;
    if (pick("sketch-name").value !== box.label) pick("sketch-name").value = box.label;
    pick("sketch-kind").value = box.kind;
    const others = this.#model.boxes.filter((other) => other !== box);
    const chosen = pick("sketch-target").value;
    pick("sketch-target").replaceChildren(...others.map((other) => new Option(other.label || "unnamed box", other.id)));
    if (others.some((other) => other.id === chosen)) pick("sketch-target").value = chosen;
    pick("sketch-connect").disabled = !others.length;
  }

  #boxItem(box) {
    return [button(`${box.label || "unnamed box"} (${box.kind})`, () => this.#enter(box.id))];
  }

  #arrowItem(arrow) {
    const [from, to] = [this.#model.label(arrow.source), this.#model.label(arrow.target)];
    const field = document.createElement("input");
    Object.assign(field, { type: "text", value: arrow.label, maxLength: 60, placeholder: "what travels along it" });
    field.setAttribute("aria-label", `Label of the arrow from ${from} to ${to}`);
    field.oninput = () => this.#model.name(arrow, field.value);
    field.onblur = () => this.#model.settle();
    const words = document.createElement("span");
    words.textContent = `${from} → ${to}`;
    const remove = button("Delete", () => (this.#model.disconnect(arrow), pick("sketch-add").focus(), this.#say("Arrow deleted")));
    remove.setAttribute("aria-label", `Delete the arrow from ${from} to ${to}`);
    return [words, field, remove];
  }

  #say(words) {
    pick("sketch-told").textContent = words;
  }
}

/** Made anew, but not while one of its fields is being typed into. */
function list(element, things, none, item) {
  const typing = element.contains(document.activeElement) && document.activeElement.matches("input");
  if (typing && element.children.length === things.length) return;
  const row = (children) => {
    const made = document.createElement("li");
    made.append(...children);
    return made;
  };
  element.replaceChildren(...(things.length ? things.map((thing) => row(item(thing))) : [row([none])]));
}

function button(words, click) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", textContent: words, onclick: click });
  return made;
}
