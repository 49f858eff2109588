// Carries on the job of this page, slice after slice, and shows how far it is.
(() => {
  const box = document.querySelector("[data-advance]");
  if (!box) return;
  const csrf = document.querySelector('meta[name="csrf"]').content;
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-words]");
  for (const button of box.querySelectorAll("[data-by-hand]")) button.hidden = true;
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  const run = async () => {
    for (let failures = 0; failures < 5; ) {
      let job;
      try {
        const answer = await fetch(box.dataset.advance, { method: "POST", headers: { "x-csrf-token": csrf } });
        if (!answer.ok) throw new Error(answer.status);
        job = await answer.json();
        failures = 0;
      } catch {
        failures += 1;
        await pause(1000 * 2 ** failures);
        continue;
      }
      bar.value = job.done;
      const rest = job.total - job.done;
      words.textContent = `${job.done} sur ${job.total} (${rest} ${rest > 1 ? "restants" : "restant"})`;
      if (job.state !== "running") {
        location.reload();
        return;
      }
    }
    words.textContent = "La page n’arrive plus à joindre le service. La fabrication continue d’elle-même : rechargez la page plus tard.";
  };
  run();
})();
