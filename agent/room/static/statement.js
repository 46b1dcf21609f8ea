/** Shows a problem's text: paragraphs, lists, `code` and fenced blocks. Everything is put in as text, never as markup. */
export function write(element, text) {
  element.replaceChildren(...blocks(text));
}

function* blocks(text) {
  for (const [number, part] of text.split(/^\s*```\w*\n?/m).entries()) {
    if (number % 2) yield node("pre", [part.trimEnd()]);
    else for (const block of part.split(/\n\s*\n/)) if (block.trim()) yield prose(block.trim());
  }
}

function prose(block) {
  if (!block.startsWith("- ")) return node("p", inline(block));
  const items = block.slice(2).split(/\n- /);
  return node("ul", items.map((item) => node("li", inline(item))));
}

const inline = (text) => text.replace(/\s+/g, " ").split(/`([^`]+)`/).map((part, number) => (number % 2 ? node("code", [part]) : part));

function node(name, children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}
