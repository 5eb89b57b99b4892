// Keeps the list, the time and what fired fresh without touching what is being read.
const SECONDS = 3;
const again = document.querySelector(".mail").dataset.again;

async function refresh() {
  const answer = await fetch(again, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(part.id);
    if (now.innerHTML !== part.innerHTML) part.innerHTML = now.innerHTML;
  }
}

setInterval(() => document.hidden || refresh().catch(() => {}), SECONDS * 1000);

document.querySelector(".clock form").addEventListener("submit", (event) => {
  event.currentTarget.classList.add("moving");
});
