// The editor of model letters: formatting, and merge fields put in where the caret is.
(() => {
  const form = document.querySelector("[data-model]");
  if (!form) return;
  const textarea = form.elements.body;
  const editor = form.querySelector("[data-editor]");
  editor.hidden = false;
  editor.contentEditable = "true";
  textarea.hidden = true;
  form.querySelector("[data-by-hand]").hidden = true;
  textarea.labels[0].addEventListener("click", () => editor.focus());
  document.execCommand("defaultParagraphSeparator", false, "p");

  const bar = document.createElement("div");
  bar.className = "formatting";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Mise en forme");
  const commands = [
    ["bold", "Gras", "<b>G</b>"], ["italic", "Italique", "<i>I</i>"], ["underline", "Souligné", "<u>S</u>"],
    ["insertUnorderedList", "Liste à puces", "•"], ["insertOrderedList", "Liste numérotée", "1."],
    ["removeFormat", "Effacer la mise en forme", "Effacer"],
  ];
  for (const [command, label, face] of commands) {
    const button = document.createElement("button");
    button.type = "button";
    button.title = label;
    button.setAttribute("aria-label", label);
    button.innerHTML = face;
    button.addEventListener("click", () => { editor.focus(); document.execCommand(command); });
    bar.append(button);
  }
  editor.before(bar);
  // Pasted text comes without the colours and fonts of elsewhere.
  editor.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!text) return;
    event.preventDefault();
    document.execCommand("insertText", false, text);
  });

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
  form.addEventListener("submit", () => { textarea.value = editor.innerHTML; changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
