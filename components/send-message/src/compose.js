"use strict";
// The composer, quicker: suggestions while typing, drafts that save themselves. Formatting is the editor's (web).
// Without this script the same form does the same, one button at a time.
(() => {
  const form = document.querySelector("[data-compose]");
  if (!form) return;
  const api = "/api/v1/send-message";
  const csrf = form.elements.csrf.value;
  const say = (text) => { form.querySelector("[data-saved]").textContent = text; };

  const editor = form.querySelector("[data-editor]");

  // --- recipients -----------------------------------------------------------------------------------------------
  const chosen = () => new Set([...form.querySelectorAll("input[name=addressee]")].map((i) => i.value.replace(/^\w+:/, "")));
  const chip = (field, item) => {
    if (chosen().has(`${item.kind}:${item.id}`)) return;
    const box = document.createElement("span");
    box.className = "chip";
    box.textContent = item.name;
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "addressee";
    input.value = `${field}:${item.kind}:${item.id}`;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "×";
    remove.setAttribute("aria-label", `Retirer ${item.name}`);
    box.append(input, remove);
    form.querySelector(`[data-chips=${field}]`).append(box);
    changed();
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest(".chip button");
    if (!button) return;
    event.preventDefault();
    button.closest(".chip").remove();
    changed();
  });

  for (const input of form.querySelectorAll("[data-suggest]")) {
    const field = input.dataset.suggest;
    const list = document.createElement("ul");
    list.id = `suggestions-${field}`;
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    let items = [], at = -1, asked = 0, timer;
    const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); at = -1; };
    const light = () => [...list.children].forEach((li, i) => {
      li.setAttribute("aria-selected", String(i === at));
      if (i === at) { input.setAttribute("aria-activedescendant", li.id); li.scrollIntoView({ block: "nearest" }); }
    });
    const take = (i) => { if (items[i]) { chip(field, items[i]); input.value = ""; close(); input.focus(); } };
    const show = () => {
      list.replaceChildren(...items.map((item, i) => {
        const li = document.createElement("li");
        li.id = `${list.id}-${i}`;
        li.setAttribute("role", "option");
        const name = document.createElement("strong");
        name.textContent = item.name;
        const detail = document.createElement("small");
        detail.textContent = item.detail;
        li.append(name, " ", detail);
        li.addEventListener("mousedown", (event) => { event.preventDefault(); take(i); });
        return li;
      }));
      if (!items.length) {
        const li = document.createElement("li");
        li.className = "nothing";
        li.textContent = "Personne à qui vous puissiez écrire ne porte ce nom.";
        list.append(li);
      }
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      at = items.length ? 0 : -1;
      light();
    };
    const ask = async () => {
      const text = input.value.trim();
      if (!text) return close();
      const mine = ++asked;
      const answer = await fetch(`${api}/recipients?q=${encodeURIComponent(text)}`, { headers: { accept: "application/json" } });
      if (mine !== asked || !answer.ok) return;
      items = (await answer.json()).items;
      show();
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
    input.addEventListener("blur", () => setTimeout(close, 150));
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) return;
        event.preventDefault();
        at = (at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % (items.length || 1);
        light();
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (!list.hidden) take(at);
      } else if (event.key === "Escape") close();
      else if (event.key === "Backspace" && !input.value) {
        const last = form.querySelector(`[data-chips=${field}] .chip:last-child`);
        if (last) { last.remove(); changed(); }
      }
    });
  }
  // Groups of the categories join with one click.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-add]");
    if (!button) return;
    event.preventDefault();
    const [field, kind, id] = button.dataset.add.split(":");
    chip(field, { kind, id, name: button.dataset.name });
  });
  for (const opener of form.querySelectorAll("[data-open]")) {
    opener.addEventListener("click", () => {
      const row = form.querySelector(`[data-row=${opener.dataset.open}]`);
      row.hidden = false;
      row.querySelector("input[type=search]").focus();
      opener.hidden = true;
    });
  }
  for (const row of form.querySelectorAll("[data-row]")) {
    const empty = !row.querySelector(".chip");
    row.hidden = empty;
    const opener = form.querySelector(`[data-open=${row.dataset.row}]`);
    if (opener) opener.hidden = !empty;
  }
  form.querySelectorAll("[data-plain]").forEach((part) => part.remove());

  // --- drafts save themselves -----------------------------------------------------------------------------------
  let dirty = false, sending = false, saving = null, timer;
  const content = () => ({
    subject: form.elements.subject.value,
    html: editor.innerHTML,
    addressees: [...form.querySelectorAll("input[name=addressee]")].map((input) => {
      const [field, kind, id] = input.value.split(":");
      return { field, kind, id };
    }),
    copy_to_author: Boolean(form.elements.copy?.checked),
  });
  const save = () => {
    if (!dirty || sending || saving) return;
    dirty = false;
    saving = keep().finally(() => { saving = null; });
  };
  const keep = async () => {
    const id = form.elements.id.value;
    const answer = await fetch(`${api}/drafts${id ? `/${id}` : ""}`, {
      method: id ? "PUT" : "POST",
      headers: { "content-type": "application/json", "x-csrf-token": csrf },
      body: JSON.stringify(content()),
    }).catch(() => null);
    if (answer?.ok) {
      const draft = await answer.json();
      form.elements.id.value = draft.id;
      history.replaceState(null, "", `/send-message/drafts/${draft.id}`);
      say("Brouillon gardé.");
    } else if (answer) {
      say((await answer.json().catch(() => null))?.detail ?? "Le brouillon n’a pas pu être gardé.");
    } else {
      dirty = true;
      say("Pas de connexion : le brouillon n’est pas gardé.");
    }
  };
  function changed() { dirty = true; say(""); clearTimeout(timer); timer = setTimeout(save, 2000); }
  form.addEventListener("input", (event) => { if (!event.target.matches("[data-suggest]")) changed(); });
  form.addEventListener("submit", (event) => {
    // A draft that is just being made must be known before the form leaves, or there would be two.
    if (saving) {
      event.preventDefault();
      const pressed = event.submitter;
      saving.then(() => form.requestSubmit(pressed));
      return;
    }
    sending = true;
    clearTimeout(timer);
    // A second press does nothing; the button keeps its value until the form has left.
    setTimeout(() => form.querySelectorAll("[data-send]").forEach((button) => { button.disabled = true; button.textContent = "Envoi…"; }));
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
