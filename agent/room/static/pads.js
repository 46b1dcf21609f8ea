import { CodePad } from "./code_pad.js";
import { SketchPad } from "./sketch_pad.js";

const WAIT_MS = 1000;
const MOST_CODE = 20000;
const TOO_LONG = `Too long: at most ${MOST_CODE} characters are kept`;

/**
 * Shows the pad of the question under way. What is written on it is told to the server until it says that it is kept;
 * until then it waits in this tab, so that a reload without a connection loses none of it.
 */
export class Pads {
  #send;
  #key;
  #pads;
  #kind = null;
  #question = null;
  #unkept;
  #number;
  #run = null;
  #timer = null;

  /** `written` tells the interviewer that the code is done. */
  constructor({ send, session, nonce, written }) {
    this.#send = send;
    this.#key = `soundcheck-pad-${session}`;
    this.#unkept = JSON.parse(sessionStorage.getItem(this.#key) ?? "null");
    this.#number = this.#unkept?.number ?? 0;
    const changed = (shown) => this.#changed(shown);
    this.#pads = {
      code: new CodePad({ changed, nonce, written, run: (code) => this.#runTests(code) }),
      sketch: new SketchPad({ changed }),
    };
    addEventListener("pagehide", () => this.flush());
  }

  /** What the candidate may write on now; comes again after a lost connection. */
  pad(message) {
    const same = message.pad === this.#kind && message.question === this.#question;
    [this.#kind, this.#question] = [message.pad, message.question];
    if (this.#unkept?.shown.question !== message.question) this.forget();
    if (this.#run?.question !== message.question) this.#run = null;
    if (!same || !this.#unkept) this.#show(this.#unkept ? { ...message, ...this.#unkept.shown, tests: [] } : message);
    this.flush();
    if (this.#run) this.#send(this.#run);
  }

  kept({ number, stored }) {
    if (!this.#unkept || number < this.#unkept.number) return;
    if (stored) this.forget();
    this.#pads[this.#kind]?.saved(stored ? "Saved" : "Not saved yet");
  }

  ran(message) {
    if (message.question !== this.#question) return;
    this.#run = null;
    this.#pads.code.ran(message);
  }

  /** Tells what is not kept yet, before anything that is said about it. */
  flush() {
    clearTimeout(this.#timer);
    if (!this.#unkept) return;
    sessionStorage.setItem(this.#key, JSON.stringify(this.#unkept));
    if (!this.#send(this.#unkept)) this.#pads[this.#kind]?.saved("Kept in this tab until the connection is back");
  }

  #show(message) {
    for (const [kind, pad] of Object.entries(this.#pads)) {
      if (kind === message.pad) pad.show(message);
      else pad.hide();
    }
    document.getElementById("main").classList.toggle("with-pad", Boolean(message.pad));
  }

  #changed(shown) {
    if (!this.#question) return;
    clearTimeout(this.#timer);
    if (shown.code?.length > MOST_CODE) {
      this.forget();
      return this.#pads.code.saved(TOO_LONG);
    }
    this.#unkept = { type: "write", number: ++this.#number, shown: { question: this.#question, ...shown } };
    this.#pads[this.#kind].saved("Saving");
    this.#timer = setTimeout(() => this.flush(), WAIT_MS);
  }

  /** Another tab has the pad now, or another question is asked. */
  forget() {
    this.#unkept = null;
    sessionStorage.removeItem(this.#key);
  }

  /** Why the tests cannot be run; null where they are. Told again after a lost connection, until they have been run. */
  #runTests(code) {
    if (code.length > MOST_CODE) return TOO_LONG;
    this.flush();
    const run = { type: "run", question: this.#question, code };
    if (!this.#send(run)) return "The connection is lost: the tests can be run when it is back.";
    this.#run = run;
    return null;
  }
}
