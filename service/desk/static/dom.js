// Elements are made here and nowhere else: text goes in as text, never as markup.

/** The element with an id. */
export function at(id) {
  return document.getElementById(id);
}

/**
 * @param {string} name the element's name
 * @param {{class?: string, text?: string}} [options]
 * @param {(Node | string)[]} [children]
 */
export function element(name, options = {}, children = []) {
  const made = document.createElement(name);
  if (options.class) made.className = options.class;
  if (options.text !== undefined) made.textContent = options.text;
  made.append(...children);
  return made;
}
