// The staff pages work without this file; with it they save a hand movement.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
// After a refusal, the page begins with what went wrong.
const refused = document.getElementById("refused");
if (refused) refused.focus();
