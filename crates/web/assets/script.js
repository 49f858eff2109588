// Small comforts. Every page works without this file.
"use strict";
(() => {
  const menu = document.querySelector("[data-unread]");
  // The number of unread messages, beside the mailbox in the menu, while the page is being looked at.
  const unread = async () => {
    if (!menu || document.hidden) return;
    try {
      const answer = await fetch("/api/v1/send-message/unread", { headers: { Accept: "application/json", "X-Background": "1" } });
      if (!answer.ok) return;
      const { unread } = await answer.json();
      let count = menu.querySelector(".count");
      if (!unread) return count?.remove();
      if (!count) {
        count = document.createElement("span");
        count.className = "count";
        menu.append(count);
      }
      count.textContent = unread > 99 ? "99+" : String(unread);
      count.setAttribute("aria-label", unread > 1 ? `${unread} messages non lus` : "1 message non lu");
    } catch { /* No network: the page stays as it is. */ }
  };
  unread();
  if (menu) setInterval(unread, 60000);
  document.addEventListener("visibilitychange", unread);

  // A screen reader announces what changes in a live region, not what was there from the start.
  const flash = document.querySelector("[data-flash]");
  if (flash) {
    const region = flash.parentElement;
    flash.remove();
    const close = document.createElement("button");
    close.type = "button";
    close.className = "close";
    close.textContent = "×";
    close.setAttribute("aria-label", "Fermer");
    close.addEventListener("click", () => flash.remove());
    flash.append(close);
    setTimeout(() => region.append(flash), 50);
  }

  // Sheets that open from a summary close with Escape and with a click elsewhere; one at a time.
  const sheets = "details.account[open], details.confirm[open]";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const sheet of document.querySelectorAll(sheets)) {
      sheet.open = false;
      sheet.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const sheet of document.querySelectorAll(sheets)) if (!sheet.contains(event.target)) sheet.open = false;
  });

  // One press sends a form once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // A form that goes on by itself, step after step, as long as its page is open.
  const onward = document.querySelector("form[data-onward]");
  if (onward) setTimeout(() => onward.requestSubmit(), 200);

  // "Tout sélectionner": a box that ticks those of the same form named by data-check-all.
  document.addEventListener("change", (event) => {
    const name = event.target.dataset?.checkAll;
    if (!name) return;
    for (const box of (event.target.form ?? document).querySelectorAll(`input[type=checkbox][name="${name}"]`)) {
      box.checked = event.target.checked;
    }
  });

  // "Afficher" beside each password.
  for (const field of document.querySelectorAll("input[type=password]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link reveal";
    button.textContent = "Afficher";
    button.setAttribute("aria-controls", field.id);
    button.addEventListener("click", () => {
      const hidden = field.type === "password";
      field.type = hidden ? "text" : "password";
      button.textContent = hidden ? "Masquer" : "Afficher";
    });
    field.closest(".field")?.append(button);
  }
})();
