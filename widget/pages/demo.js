// The page of the firm talks to the chat as any site may: through window.Seatwise.

for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => window.Seatwise.ask(button.dataset.ask));
}

const script = new URL("widget/w.js", location.href).href;
const line = `<script src="${script}"\n        data-name="Your firm"\n        data-color="#1f5f50"\n        defer></script>`;
document.getElementById("snippet").textContent = line;

document.getElementById("copy").addEventListener("click", async () => {
  const told = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(line);
    told.textContent = "Copied.";
  } catch {
    told.textContent = "Please select the line and copy it.";
  }
});
