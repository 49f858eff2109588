// Model letters: merge fields put in where the caret is, beside the formatted editor (web/assets/editor.js).
(() => {
  const form = document.querySelector("[data-model]");
  if (!form) return;
  const editor = form.querySelector("[data-editor]");
  form.querySelector("[data-by-hand]").hidden = true;

  // A field goes where the person was typing last: subject or body.
  const subject = form.elements.subject;
  let last = editor;
  for (const place of [editor, subject]) place.addEventListener("focus", () => { last = place; });
  for (const code of form.querySelectorAll("[data-field]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = code.textContent;
    button.title = "Insérer ce champ";
    // The caret must not leave the text.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      last.focus();
      if (last === subject) subject.setRangeText(code.dataset.field, subject.selectionStart, subject.selectionEnd, "end");
      else document.execCommand("insertText", false, code.dataset.field);
    });
    code.replaceChildren(button);
  }

  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
