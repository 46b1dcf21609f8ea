import { CodePad } from "./code_pad.js";
import { SketchPad } from "./sketch_pad.js";

const WAIT_MS = 1000;

/** Shows the pad of the question under way. What is written on it is told to the server until it says that it is kept. */
export class Pads {
  #send;
  #pads;
  #kind = null;
  #question = null;
  #number = 0;
  #unkept = null;
  #timer = null;

  /** `written` tells the interviewer that the code is done. */
  constructor(send, nonce, written) {
    this.#send = send;
    const changed = (shown) => this.#changed(shown);
    this.#pads = {
      code: new CodePad({ changed, nonce, written, run: (code) => this.#run(code) }),
      sketch: new SketchPad({ changed }),
    };
    addEventListener("pagehide", () => this.#flush());
  }

  /** What the candidate may write on now; comes again after a lost connection. */
  pad(message) {
    const same = message.pad === this.#kind && message.question === this.#question;
    if (same && this.#unkept) return this.#flush();
    if (!same) this.#unkept = null;
    [this.#kind, this.#question] = [message.pad, message.question];
    for (const [kind, pad] of Object.entries(this.#pads)) {
      if (kind === message.pad) pad.show(message);
      else pad.hide();
    }
    document.getElementById("main").classList.toggle("with-pad", Boolean(message.pad));
  }

  kept({ number, stored }) {
    if (!this.#unkept || number < this.#unkept.number) return;
    if (stored) this.#unkept = null;
    this.#pads[this.#kind]?.saved(stored ? "Saved" : "Not saved yet");
  }

  ran(message) {
    if (message.question === this.#question) this.#pads.code.ran(message);
  }

  #changed(shown) {
    if (!this.#question) return;
    this.#unkept = { type: "write", number: ++this.#number, shown: { question: this.#question, ...shown } };
    this.#pads[this.#kind].saved("Saving");
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flush(), WAIT_MS);
  }

  #flush() {
    clearTimeout(this.#timer);
    if (this.#unkept && !this.#send(this.#unkept)) this.#pads[this.#kind]?.saved("Kept in this tab until the connection is back");
  }

  #run(code) {
    this.#flush();
    return this.#send({ type: "run", question: this.#question, code });
  }
}
