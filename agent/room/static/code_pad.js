import { write } from "./statement.js";

const pick = (id) => document.getElementById(id);
const LABEL = "Your code, in Python";
const PLAIN = "The editor with colours is not here (soundcheck models pull editor brings it): this is a plain text field. Control and Enter runs the tests.";

/** The problem, an editor, and what the visible tests say of the code. */
export class CodePad {
  #options;
  #opening = null;
  #editor = null;
  #starter = "";
  #question = null;

  constructor(options) {
    this.#options = options;
    pick("run-tests").onclick = () => this.#run();
    pick("code-done").onclick = () => options.written();
    pick("start-over").onclick = () => this.#startOver();
  }

  async show({ question, problem, code, tests }) {
    pick("code-pad").hidden = false;
    this.#starter = problem.starter;
    if (question !== this.#question) {
      this.#question = question;
      this.#busy(false);
      pick("problem-title").textContent = problem.title;
      write(pick("statement"), problem.statement);
      this.saved("");
    }
    this.#opening ??= open(pick("editor"), this.#options.nonce, () => this.#changed(), () => this.#run());
    this.#editor = await this.#opening;
    this.#editor.set(code ?? problem.starter);
    this.#show(tests);
  }

  hide() {
    pick("code-pad").hidden = true;
  }

  saved(words) {
    pick("code-saved").textContent = words;
  }

  ran({ tests, fault }) {
    this.#busy(false);
    if (fault) this.#say(fault, "fault");
    else if (tests.length) this.#show(tests);
    else this.#say("There is nothing to run yet.");
  }

  #changed() {
    this.#options.changed({ code: this.#editor.text });
    pick("tests").classList.add("stale");
  }

  #run() {
    if (pick("run-tests").getAttribute("aria-disabled") === "true") return;
    const fault = this.#options.run(this.#editor.text);
    if (fault) return this.#say(fault, "fault");
    this.#busy(true);
    this.#say("Running the tests …");
  }

  #startOver() {
    if (this.#editor.text !== this.#starter) this.#editor.replace(this.#starter);
  }

  #busy(busy) {
    pick("run-tests").setAttribute("aria-disabled", String(busy));
  }

  #say(words, style = "small") {
    const line = document.createElement("p");
    line.className = style;
    line.textContent = words;
    pick("tests").classList.remove("stale");
    pick("tests").replaceChildren(line);
  }

  #show(tests) {
    if (!tests.length) return pick("tests").replaceChildren();
    const passed = tests.filter((test) => test.status === "passed").length;
    this.#say(`${passed} of ${tests.length} visible tests pass`, "tests-sum");
    const list = document.createElement("ul");
    list.append(...tests.map(result));
    pick("tests").append(list);
  }
}

function result({ name, status, message, got, expected }) {
  const item = document.createElement("li");
  item.className = status === "passed" ? "test passed" : "test failed";
  item.append(piece("span", "test-status", status), piece("span", "test-name", name.replace(/^test_/, "").replaceAll("_", " ")));
  if (got !== null) item.append(piece("p", "test-sides", `got ${got}, expected ${expected}`));
  else if (message) item.append(piece("p", "test-sides", message.split("\n")[0]));
  return item;
}

function piece(name, style, text) {
  const made = document.createElement(name);
  made.className = style;
  made.textContent = text;
  return made;
}

/** An editor with `text`, `set` (which is no change of the candidate's) and `replace` (which is one, and can be undone). */
async function open(parent, nonce, changed, run) {
  try {
    return await codeMirror(parent, nonce, changed, run);
  } catch {
    pick("editor-hint").textContent = PLAIN;
    return plainField(parent, changed, run);
  }
}

async function codeMirror(parent, nonce, changed, run) {
  const cm = await import("/editor/index.js");
  const python = await cm.languages.find((language) => language.name === "Python").load();
  const [dark, theme] = [matchMedia("(prefers-color-scheme: dark)"), new cm.Compartment()];
  const colours = () => (dark.matches ? cm.themes.githubDark : cm.themes.githubLight);
  let quiet = false;
  const view = new cm.EditorView({
    parent,
    extensions: [
      cm.keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }, cm.indentWithTab]),
      cm.basicSetup,
      python,
      cm.indentUnit.of("    "),
      cm.EditorState.tabSize.of(4),
      cm.EditorView.cspNonce.of(nonce),
      cm.EditorView.contentAttributes.of({ "aria-label": LABEL, "aria-describedby": "editor-hint", tabindex: "0" }),
      cm.EditorView.updateListener.of((update) => update.docChanged && !quiet && changed()),
      theme.of(colours()),
    ],
  });
  dark.addEventListener("change", () => view.dispatch({ effects: theme.reconfigure(colours()) }));
  const replace = (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  return {
    get text() {
      return view.state.doc.toString();
    },
    set(text) {
      if (text === view.state.doc.toString()) return;
      quiet = true;
      replace(text);
      quiet = false;
    },
    replace,
  };
}

function plainField(parent, changed, run) {
  const field = document.createElement("textarea");
  Object.assign(field, { className: "plain-editor", rows: 20, spellcheck: false, autocapitalize: "off", oninput: changed });
  field.setAttribute("aria-label", LABEL);
  field.setAttribute("aria-describedby", "editor-hint");
  field.addEventListener("keydown", (event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && run());
  parent.append(field);
  return {
    get text() {
      return field.value;
    },
    set(text) {
      if (field.value !== text) field.value = text;
    },
    replace(text) {
      field.focus();
      field.select();
      document.execCommand("insertText", false, text); // the one way that the field's own undo knows of
    },
  };
}
