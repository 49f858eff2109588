"use strict";
// A formatted text (web::ui::editor), and files that join at once. Without this script the same form sends the text as it was
// typed. A textarea that holds HTML itself (data-html) is given what was written; else it goes in a field of its own, "html".
(() => {
  for (const editor of document.querySelectorAll("[data-editor]")) {
    const form = editor.closest("form");
    const textarea = editor.parentElement.querySelector("textarea");
    editor.hidden = false;
    editor.contentEditable = "true";
    textarea.hidden = true;
    textarea.labels[0].addEventListener("click", () => editor.focus());
    let html = textarea;
    if (!("html" in textarea.dataset)) {
      html = document.createElement("input");
      html.type = "hidden";
      html.name = "html";
      form.append(html);
    }
    form.addEventListener("submit", () => { html.value = editor.innerHTML; });
    const bar = document.createElement("div");
    bar.className = "formatting";
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", "Mise en forme");
    const commands = [
      ["bold", "Gras", "<b>G</b>"], ["italic", "Italique", "<i>I</i>"], ["underline", "Souligné", "<u>S</u>"],
      ["insertUnorderedList", "Liste à puces", "•"], ["insertOrderedList", "Liste numérotée", "1."],
      ["createLink", "Lien", "Lien"], ["removeFormat", "Effacer la mise en forme", "Effacer"],
    ];
    for (const [command, label, face] of commands) {
      const button = document.createElement("button");
      button.type = "button";
      button.title = label;
      button.setAttribute("aria-label", label);
      button.innerHTML = face;
      button.addEventListener("click", () => {
        editor.focus();
        const value = command === "createLink" ? prompt("Adresse du lien", "https://") : null;
        if (command !== "createLink" || value) document.execCommand(command, false, value);
      });
      bar.append(button);
    }
    editor.before(bar);
    document.execCommand("defaultParagraphSeparator", false, "p");
    // Pasted text comes without the colours and fonts of elsewhere.
    editor.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain");
      if (!text) return;
      event.preventDefault();
      document.execCommand("insertText", false, text);
    });
  }
  for (const attach of document.querySelectorAll("[data-attach]")) {
    const file = attach.form.elements.file;
    attach.hidden = true;
    file.addEventListener("change", () => { if (file.files.length) attach.click(); });
  }
})();
